import { stemOf } from './stem.ts';

/** A point in time or a date: `yesterday`, `May`, `2019`, 昨日, 年. */
export const TIME = 1;
/** A number or an amount: `42`, `three`, `twice`. */
export const AMOUNT = 2;

/** May be part of a standing instruction: `always`, 今後. A hint only, to spare a closer look. */
export const LASTING = 4;

const TIME_WORDS =
  'yesterday today tonight tomorrow ago week weekend month year monday tuesday wednesday thursday friday saturday sunday january february ' +
  'march april june july august september october november december morning evening birthday anniversary';
const AMOUNT_WORDS =
  'one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand million billion half ' +
  'dozen twice couple third daily every';
const TIME_GRAMS =
  '昨日 今日 明日 昨年 去年 今年 来年 先週 今週 来週 先月 今月 来月 午前 午後 世紀 時代 年 月 日 時';

const LASTING_TERMS = 'always never ever future remember mind 今後 以後 必 覚 つも';

/** Stemmed for the first term that asks, once. */
let kinds: ReadonlyMap<string, number> | undefined;

/** What kinds of answer a term, as `termsOf` gives it, can give: a sum of {@link TIME} and {@link AMOUNT}, or 0; {@link LASTING} may be added. */
export function answerKindsOf(term: string): number {
  kinds ??= readKinds();
  const code = term.charCodeAt(0);
  if (code < 48 || code > 57) return kinds.get(term) ?? 0;
  return /^(?:1\d|20)\d\d$/.test(term) ? TIME | AMOUNT : AMOUNT;
}

function readKinds(): Map<string, number> {
  const read = new Map<string, number>();
  for (const word of TIME_WORDS.split(' ')) read.set(stemOf(word), TIME);
  for (const word of AMOUNT_WORDS.split(' ')) read.set(stemOf(word), AMOUNT);
  for (const gram of TIME_GRAMS.split(' ')) read.set(gram, TIME);
  for (const term of LASTING_TERMS.split(' ')) read.set(stemOf(term), LASTING);
  return read;
}

const ASKS_TIME =
  /\bwhen\b|\b(?:what|which) (?:date|day|month|year|time)\b|\bhow long ago\b|いつ|何[年月日時]|年代/i;
const ASKS_AMOUNT =
  /\bhow (?:many|much|long|old|often|far|big|tall)\b|何[^がをのとでかもに]|いくつ|いくら|どれくらい|どのくらい|どれほど/i;

/** What kinds of answer a question asks for, as a sum of {@link TIME} and {@link AMOUNT}; 0 for all others. */
export function askedKinds(question: string): number {
  return (ASKS_TIME.test(question) ? TIME : 0) + (ASKS_AMOUNT.test(question) ? AMOUNT : 0);
}
