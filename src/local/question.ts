import { languageOf, type Language } from '../language.ts';
import { termsOf } from '../text/words.ts';
import { kindsAsked, type AnswerKind } from './answer-kind.ts';
import { linesOf } from './statements.ts';

/** One thing that is asked. */
export interface Clause {
  readonly text: string;
  readonly terms: readonly string[];
  /** What an answer to it is likely to hold. */
  readonly kinds: readonly AnswerKind[];
  /** The clause before it, which «and why?» is about. */
  readonly previous: Clause | undefined;
}

/** Two neighbouring words, as one and each. */
type Pair = readonly [whole: string, first: string, second: string];

/** What is asked, taken apart. */
export interface Question {
  readonly language: Language;
  /** The terms of the whole question. */
  readonly terms: readonly string[];
  readonly clauses: readonly Clause[];
  /** Neighbours that may be one word: the whole and its two parts. */
  readonly pairs: readonly Pair[];
  /** What stands before the question in the same message, where that is long: material, not question. */
  readonly material: string;
}

/** Longer messages hold a text and, in or after it, a question. */
const LONG_CHARS = 1200;
const MAX_CLAUSES = 10;
const MAX_TERMS = 64;

const ASKS =
  /[?？]|\b(?:who|what|which|when|where|why|how|whose|whom)\b|[かの](?:[。？?]|$)|誰|だれ|何|なに|いつ|どこ|なぜ|どう|どの|教えて|ください/i;
const BREAKS =
  /[?？。;；]|[.!](?=\s|$)|,\s+|、|\s+and\s+(?=(?:who|what|which|when|where|why|how|at|over|until|by|on)\b)|\s*[()（）]\s*/i;

export function questionOf(message: string): Question {
  const { asked, material } =
    message.length > LONG_CHARS ? parted(message) : { asked: message, material: '' };
  const clauses = clausesOf(asked);
  const telling = different(clauses.flatMap(({ terms }) => terms));
  return {
    language: languageOf(asked),
    // Of "My build fails with E42. What can I do?" the sentence that does not ask is the one that tells.
    terms: telling.length < 3 ? different([...telling, ...tellingTerms(asked)]) : telling,
    clauses,
    pairs: pairsOf(termsOf(asked)),
    material,
  };
}

/** The sentences that ask, or else the last one. */
function parted(message: string): { asked: string; material: string } {
  const lines = linesOf(message);
  const asking = lines
    .filter((line) => /[?？]\s*$|か[。？?]?$|(?:ください|教えて)[。？?]?$/.test(line))
    .slice(-5);
  const asked = asking.length > 0 ? asking : lines.slice(-1);
  const material = lines.filter((line) => !asked.includes(line)).join('\n');
  return { asked: asked.join('\n').slice(0, LONG_CHARS), material };
}

function clausesOf(asked: string): Clause[] {
  const sentences = linesOf(asked);
  const asking = sentences.filter((sentence) => ASKS.test(sentence));
  const clauses: Clause[] = [];
  for (const sentence of asking.length > 0 ? asking : sentences) {
    for (const text of joined(sentence.split(BREAKS).map((piece) => piece.trim()))) {
      const terms = tellingTerms(text);
      if (terms.length > 0) clauses.push({ text, terms, kinds: kindsAsked(text), previous: clauses.at(-1) });
    }
  }
  return clauses.slice(0, MAX_CLAUSES);
}

/** A piece that says nothing alone («on which day», 「また」) goes with the next one. */
function joined(pieces: readonly string[]): string[] {
  const whole: string[] = [];
  let waiting = '';
  for (const piece of pieces) {
    const text = `${waiting} ${piece}`.trim();
    const terms = tellingTerms(text).filter((term) => !GENERIC.has(term));
    const tells = terms.length > 1 || (terms.length > 0 && ASKS.test(text));
    if (tells) whole.push(text);
    waiting = tells ? '' : text;
  }
  if (waiting !== '') whole.push(waiting);
  return whole;
}

/** Words that say what kind of thing is asked for, and not what about. */
const GENERIC = new Set(
  'day dai tim time dat date week person thing place reason wai tell pleas 教 えて 理由 日 時 何日 何時'.split(
    ' ',
  ),
);

/** The terms of a clause, generic ones only where there are no others; two words in a row also as one: "roll back" means "rollback". */
function tellingTerms(text: string): string[] {
  const terms = termsOf(text);
  const pairs = pairsOf(terms).map(([whole]) => whole);
  const telling = terms.filter((term) => !GENERIC.has(term));
  return different(telling.length > 0 ? [...telling, ...pairs] : terms);
}

function pairsOf(terms: readonly string[]): Pair[] {
  return terms.slice(1).flatMap((second, at) => {
    const first = terms[at] ?? '';
    return /^[a-z]+$/.test(first) && /^[a-z]+$/.test(second)
      ? [[first + second, first, second] as const]
      : [];
  });
}

function different(terms: readonly string[]): string[] {
  return [...new Set(terms)].slice(0, MAX_TERMS);
}
