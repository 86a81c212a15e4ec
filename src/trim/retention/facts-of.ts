import { ATOM_SIGN, ATOMS, CLAUSE_END, CLAUSES, JAPANESE_NAMES, NAMES } from './fact-patterns.ts';

/** A kind of fact. `url` holds mail addresses too, `date` times of day, `query-term` the words of the query. */
export type FactKind =
  | 'number'
  | 'date'
  | 'id'
  | 'url'
  | 'path'
  | 'name'
  | 'negation'
  | 'decision'
  | 'constraint'
  | 'query-term';

/** A clause is known by its beginning; the rest would only cost memory. */
const CLAUSE_LENGTH = 120;
/** More text than this in one message, in UTF-16 units, is not looked at: it is a file, not something said. */
const TEXT_LENGTH = 65_536;

/** Characters that NFKC makes into others which matter here: full-width forms, half-width katakana, the wide space. */
const needsFolding = /[\u3000\uff01-\uff9f\u2018\u2019]/;

/**
 * The facts of a text, each as `kind:value`: values are folded, so that `１，２００` is `1200` and `Tanaka` is `tanaka`.
 *
 * Found by form alone, in English and Japanese: cheap, the same every time, and blind to what is said in other words.
 */
export function factsOf(text: string): Set<string> {
  const cut = text.length > TEXT_LENGTH ? text.slice(0, TEXT_LENGTH) : text;
  const folded = needsFolding.test(cut) ? cut.normalize('NFKC').replaceAll(/[‘’]/g, "'") : cut;
  const facts = new Set<string>();
  addAtoms(folded, facts);
  addNames(folded, facts);
  addClauses(folded, facts);
  return facts;
}

/** Most words of most texts are no atoms, and the pattern is slow: it is only held against what stands around a sign of one. */
function addAtoms(text: string, facts: Set<string>): void {
  let [start, end, wordEnd] = [0, 0, 0];
  for (const { index } of text.matchAll(ATOM_SIGN)) {
    // Once for a word: text without spaces is a single one.
    if (index < wordEnd) continue;
    wordEnd = wordsAfter(text, index, 1);
    const from = index < end ? end : wordsBefore(text, index, 2);
    // What touches the stretch before belongs to it: a date may go on.
    if (from > end) {
      addAtomsIn(text.slice(start, end), facts);
      start = from;
    }
    end = Math.max(end, wordsAfter(text, wordEnd, 3));
  }
  addAtomsIn(text.slice(start, end), facts);
}

/** Where the word at a place begins, or one of those before it; a date has a month before its number. */
function wordsBefore(text: string, place: number, words: number): number {
  let at = place;
  for (let word = 0; word < words; word += 1) {
    while (at > 0 && isSpace(text, at - 1)) at -= 1;
    while (at > 0 && !isSpace(text, at - 1)) at -= 1;
  }
  return at;
}

/** Where the word at a place ends, or one of those after it; a date goes on with "of May 2024". */
function wordsAfter(text: string, place: number, words: number): number {
  let at = place;
  for (let word = 0; word < words; word += 1) {
    while (at < text.length && isSpace(text, at)) at += 1;
    while (at < text.length && !isSpace(text, at)) at += 1;
  }
  return at;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || (code >= 9 && code <= 13);
}

function addAtomsIn(text: string, facts: Set<string>): void {
  for (const { groups = {} } of text.matchAll(ATOMS)) {
    const { url, path, date, token } = groups;
    if (url !== undefined) facts.add(`url:${url.replace(/[.,;:!?]+$/, '')}`);
    else if (path !== undefined) facts.add(`path:${path.replace(/\.+$/, '')}`);
    else if (date !== undefined) facts.add(`date:${date.toLowerCase()}`);
    else if (token !== undefined) addToken(token.toLowerCase(), facts);
  }
}

function addToken(token: string, facts: Set<string>): void {
  if (!/\d/.test(token)) {
    if (/[a-z]_[a-z]/.test(token)) facts.add(`id:${token}`);
    return;
  }
  const number = /^(\d[\d.,]*)(%|[万億兆千百]|[a-z]{0,3})$/.exec(token.replace(/[.,-]+$/, ''));
  if (number === null) facts.add(`id:${token}`);
  else facts.add(`number:${(number[1] ?? '').replaceAll(',', '')}${number[2] ?? ''}`);
}

function addNames(text: string, facts: Set<string>): void {
  for (const [name] of text.matchAll(NAMES)) facts.add(`name:${name.toLowerCase()}`);
  for (const [, name] of text.matchAll(JAPANESE_NAMES)) if (name !== undefined) facts.add(`name:${name}`);
}

function addClauses(text: string, facts: Set<string>): void {
  const kinds = (['negation', 'decision', 'constraint'] as const).filter((kind) => CLAUSES[kind].test(text));
  if (kinds.length === 0) return;
  for (const clause of text.split(CLAUSE_END)) {
    for (const kind of kinds) {
      if (CLAUSES[kind].test(clause))
        facts.add(`${kind}:${clause.replaceAll(/\s+/g, ' ').trim().slice(0, CLAUSE_LENGTH).toLowerCase()}`);
    }
  }
}
