import { readQuoted } from '../quote.ts';

/** What an answer must keep to, as far as rules can measure it. */
export interface HouseRules {
  /** Terms that must not stand in an answer, folded: see {@link breaks}. */
  readonly forbid: readonly string[];
  /** The longest answer, in words; `Infinity` where nothing is said. */
  readonly maxWords: number;
  /** The longest answer, in characters; `Infinity` where nothing is said. */
  readonly maxChars: number;
}

const BAN =
  /\b(?:never|do not|don't|must not|may not|avoid|forbidden|banned|prohibited)\b|使わない|使用しない|使ってはな|使ってはいけ|使わず|避け|禁止|禁句|用いない/i;
/** A ban of words, and not of deeds. */
const OF_WORDS = /\b(?:use|say|write|words?|terms?|phrases?)\b|語|表現|言葉|言い|使/i;
/** The labels under which a compiled persona quotes its forbidden terms, one to a line. */
const BLOCKS = ['forbidden', '禁止語'] as const;
const LIST_ITEM = /^\s*(?:[-*•・]|\d+[.)])\s*(.+)$/;
const QUOTED = /["“「『`]([^"“”「」『』`\n]{1,80})["”」』`]/g;

/**
 * Reads the rules out of system messages: a persona's quoted block of forbidden terms; a line that bans something («Never use these words:», 「次の語を使わない：」) with its terms in
 * quotes, after its colon, or as the list under it; and a longest answer («under 150 words», 「三百字以内」). What is not understood is
 * not a rule.
 */
export function houseRules(systemTexts: readonly string[], forbid: readonly string[]): HouseRules {
  const text = systemTexts.join('\n');
  const blocks = systemTexts.flatMap((one) =>
    BLOCKS.flatMap((label) => readQuoted(label, one)?.split('\n') ?? []),
  );
  const listed = blocks.map((line) => LIST_ITEM.exec(line)?.[1] ?? line);
  const terms = [...forbid, ...listed, ...bannedTerms(text)].map(folded).filter((term) => term !== '');
  return { forbid: [...new Set(terms)], maxWords: wordLimit(text), maxChars: charLimit(text) };
}

/** Whether a text holds a forbidden term, whatever its case, width and spacing. */
export function breaks(text: string, { forbid }: HouseRules): boolean {
  if (forbid.length === 0) return false;
  const plain = folded(text);
  return forbid.some((term) => plain.includes(term));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').replaceAll('’', "'").trim();
}

function bannedTerms(text: string): string[] {
  const terms: string[] = [];
  let inList = false;
  for (const line of text.split('\n')) {
    const item = LIST_ITEM.exec(line)?.[1];
    if (inList && item !== undefined) {
      terms.push(unquoted(item));
      continue;
    }
    inList = false;
    if (!BAN.test(line) || !OF_WORDS.test(line)) continue;
    const banning = line.split(/(?<=[.。;；])/).filter((part) => BAN.test(part));
    const quoted = banning.flatMap((part) => Array.from(part.matchAll(QUOTED), ([, found]) => found ?? ''));
    terms.push(...quoted);
    const rest = /(?:[:：]\s|[:：]$|：)\s*(.*)$/.exec(line)?.[1];
    inList = rest === '';
    if (rest !== undefined && quoted.length === 0) terms.push(...rest.split(/[,、，;；]/).map(unquoted));
  }
  return terms;
}

function unquoted(item: string): string {
  return item.trim().replace(/^["“「『`](.+)["”」』`]$/, '$1');
}

/** Limits of a sentence, a title or an item are not those of the answer. */
const OF_A_PART =
  /sentence|title|heading|subject|bullet|item|line|paragraph|each|一文|見出し|件名|表題|項目|一件|一議題|一行/i;

function wordLimit(text: string): number {
  const limits = text.matchAll(
    /(?:under|below|within|at most|up to|no more than|fewer than|maximum of) (\d{1,6}) words|(\d{1,6}) words (?:or (?:less|fewer)|at most)/gi,
  );
  return smallest(text, limits);
}

function charLimit(text: string): number {
  const limits = text.matchAll(
    /([\d０-９〇一二三四五六七八九十百千]{1,9})\s?(?:文字|字)(?:以内|以下|まで)|(?:under|within|at most|up to|no more than) (\d{1,6}) characters/gi,
  );
  return smallest(text, limits);
}

function smallest(text: string, limits: Iterable<RegExpExecArray>): number {
  let limit = Infinity;
  for (const match of limits) {
    const clause =
      text
        .slice(Math.max(0, match.index - 80), match.index)
        .split(/[\n。.;]/)
        .at(-1) ?? '';
    if (!OF_A_PART.test(clause)) limit = Math.min(limit, numberOf(match[1] ?? match[2] ?? ''));
  }
  return limit;
}

/** Reads `150`, `１５０`, `三百` and `千二百五十`. */
function numberOf(text: string): number {
  const plain = text.normalize('NFKC');
  if (/^\d+$/.test(plain)) return Number(plain);
  let sum = 0;
  let digit = 0;
  for (const char of plain) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[char];
    if (unit === undefined) digit = digit * 10 + Math.max(0, '〇一二三四五六七八九'.indexOf(char));
    else {
      sum += Math.max(1, digit) * unit;
      digit = 0;
    }
  }
  return sum + digit || Infinity;
}
