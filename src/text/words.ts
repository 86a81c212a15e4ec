import {
  APOSTROPHE,
  classAt,
  classOf,
  DIGIT,
  GAP,
  HIRAGANA,
  isWordClass,
  KANJI,
  LETTER,
  LINK,
  SURROGATE,
  UNSPACED,
} from './character-classes.ts';
import { stemOf } from './stem.ts';
import { isStopGram, isStopWord } from './stop-words.ts';
import { WordHash } from './word-hash.ts';

/** Receives the terms of a text in order. A class and not a closure, so that the scanner calls one method of one shape. */
export interface WordSink {
  /**
   * A word in a script with spaces, folded to lower case. `first` and `second` are what `WordHash` makes of its letters and digits, the links
   * in it (`-`, `_`, `/` …) left out: `e-mail` and `email` have the same.
   */
  word(text: string, start: number, end: number, first: number, second: number): void;
  /** One or two neighbouring characters (`after` 0: one) of a script without spaces; also a code point above U+FFFF. */
  gram(before: number, after: number): void;
}

/**
 * Walks a text once and hands its words to `sink`: text is split by script first, so that 「GNSSによる測量」 is three words and not one.
 *
 * - Scripts with spaces: words, folded to lower case. What hangs together with links, case changes or digits (`user_id`,
 *   `src/app.ts`, `getName`, `Fw190`) is given whole as well as in parts.
 * - Kanji, katakana and other scripts without spaces: pairs of neighbouring characters; a run of one character gives that one.
 * - Hiragana: pairs too, without those that are grammar.
 *
 * Linear in the text's length, whatever is in it.
 */
export function scanWords(text: string, sink: WordSink): void {
  const folded = FOLDABLE.test(text) ? fold(text) : text;
  const length = folded.length;
  let at = 0;
  while (at < length) {
    const code = folded.charCodeAt(at);
    const kind = classOf(code);
    if (kind === LETTER || kind === DIGIT) at = scanCompound(folded, at, sink);
    else if (kind >= KANJI && kind <= UNSPACED) at = scanRun(folded, at, kind, sink);
    else if (kind === SURROGATE) at = scanSurrogate(folded, at, sink);
    else at += 1;
  }
}

/** Reads one word with its links; returns where it ends. */
export function scanCompound(text: string, start: number, sink: WordSink): number {
  const length = text.length;
  let at = start;
  // Nearly all words are letters of ASCII only, in one case, or digits only.
  for (let wasLower = false; at < length; at += 1) {
    const code = text.charCodeAt(at);
    const lower = code | 32;
    if (lower < 97 || lower > 122 || code > 122) break;
    if (code === lower) wasLower = true;
    else if (wasLower) break;
  }
  if (at === start) while (isDigit(text.charCodeAt(at))) at += 1;
  const kind = classAt(text, at);
  const isPart = isWordClass(kind) || (kind === LINK && isWordClass(classAt(text, at + 1)));
  if (at === start || isPart) return scanParts(text, start, sink);
  tellPlain(text, start, at, sink);
  return kind === APOSTROPHE ? skipEnding(text, at) : at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Hands over a word of letters or digits of ASCII. */
function tellPlain(text: string, start: number, end: number, sink: WordSink): void {
  const hash = new WordHash();
  for (let at = start; at < end; at += 1) hash.add(text.charCodeAt(at) | 32);
  tell(text, start, end, hash, sink);
}

/** Reads a word that has more than plain letters: gives its parts of two characters and more, then the whole. */
function scanParts(text: string, start: number, sink: WordSink): number {
  const whole = new WordHash();
  let part = new WordHash();
  let partStart = start;
  let at = start;
  let previous = GAP;
  for (; ; at += 1) {
    const kind = classAt(text, at);
    const code = text.charCodeAt(at);
    const isLink = kind === LINK && isWordClass(classAt(text, at + 1));
    if (!isLink && !isWordClass(kind)) break;
    if (isLink || (previous !== GAP && (previous !== kind || isNewCase(text, at)))) {
      if (at - partStart > 1) tell(text, partStart, at, part, sink);
      part = new WordHash();
      partStart = isLink ? at + 1 : at;
    }
    // 3.5 is not 35, while 1-2 and 12 may meet: a point between digits belongs to the number.
    if (isLink && code === POINT && previous === DIGIT && classAt(text, at + 1) === DIGIT) whole.add(code);
    previous = isLink ? GAP : kind;
    if (isLink) continue;
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    part.add(lower);
    whole.add(lower);
  }
  if (partStart > start && at - partStart > 1) tell(text, partStart, at, part, sink);
  tell(text, start, at, whole, sink);
  return classAt(text, at) === APOSTROPHE ? skipEnding(text, at) : at;
}

function tell(text: string, start: number, end: number, hash: WordHash, sink: WordSink): void {
  hash.end();
  sink.word(text, start, end, hash.first, hash.second);
}

/** Whether a capital stands after a small letter, as in `getName`. */
function isNewCase(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return code >= 65 && code <= 90 && before >= 97 && before <= 122;
}

/** Passes over `'s`, `'ll`, `’t` and the like, which carry nothing. */
function skipEnding(text: string, apostrophe: number): number {
  let at = apostrophe + 1;
  while (at < text.length && at - apostrophe <= 2 && classOf(text.charCodeAt(at)) === LETTER) at += 1;
  return at < text.length && classOf(text.charCodeAt(at)) === LETTER ? apostrophe + 1 : at;
}

/** Reads a run of one script without spaces; returns where it ends. */
function scanRun(text: string, start: number, kind: number, sink: WordSink): number {
  const length = text.length;
  let before = text.charCodeAt(start);
  let at = start + 1;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (classOf(code) !== kind) break;
    if ((kind !== HIRAGANA && kind !== KANJI) || !isStopGram(before, code)) sink.gram(before, code);
    before = code;
  }
  if (at - start === 1 && kind !== HIRAGANA && !isStopGram(before, 0)) sink.gram(before, 0);
  return at;
}

function scanSurrogate(text: string, at: number, sink: WordSink): number {
  const point = text.codePointAt(at) ?? 0;
  if (point < 0x10000) return at + 1;
  sink.gram(point, 0);
  return at + 2;
}

const POINT = 0x2e;

/** Characters that compatibility folding, lower case beyond ASCII or accents concern; ASCII and plain Japanese have none of them. */
const FOLDABLE =
  /[\u00aa-\u1fff\u2100-\u24ff\u3099\u309a\u3200-\u33ff\uf900-\ufb4f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f]/;

/** Lower case, compatibility forms (full width, ligatures) made plain, accents off Latin letters: `Café` meets `cafe`. */
function fold(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase();
  return plain
    .replaceAll(/[\u00e0-\u017f]/g, (letter) => letter.normalize('NFD').charAt(0))
    .replaceAll(/[\u0300-\u036f]/g, '');
}

/**
 * The terms of a text, in order and with repeats: what {@link scanWords} finds, without stop words, English words as stems. For texts that
 * are looked at once; an index of many goes through `scanWords`.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  scanWords(text, {
    word(folded, start, end) {
      const term = termOfWord(folded, start, end);
      if (term !== undefined) terms.push(term);
    },
    gram(before, after) {
      terms.push(after === 0 ? String.fromCodePoint(before) : String.fromCharCode(before, after));
    },
  });
  return terms;
}

/** The stem of a word that {@link scanWords} found, or `undefined` for a stop word. */
export function termOfWord(text: string, start: number, end: number): string | undefined {
  const said = text.slice(start, end).toLowerCase();
  // By letters alone, as the hashes are: `e-mail` and `email` must come to one term whichever is read first.
  const word = PLAIN.test(said) ? said : said.replaceAll(LINKS, '');
  return isStopWord(word) ? undefined : stemOf(word);
}

const PLAIN = /^[a-z]+$/;
const LINKS = /[-_/:@#+\\\u2010\u2011]|\.(?!\d)|(?<!\d)\./g;
