import { AMOUNT, answerKindsOf } from './answer-kinds.ts';
import { termOfWord } from './words.ts';

/** What {@link Vocabulary.idOfWord} gives for a stop word. */
export const STOPPED = -1;

/**
 * Numbers the terms of texts. Words are known by two numbers of 32 bits, as `WordHash` makes them, so that a word seen before costs one look into a
 * table and no string is made or kept; only a new word is stemmed. Two words with the same 64 bits would be taken for one: about one
 * chance in ten million for a million words, and then a score is a little off.
 */
export class Vocabulary {
  /** Rows of four: two numbers of a word, term id + 2 (0 is an empty row, 1 a stop word), what kinds of answer it can give. One row, one line of cache. */
  #rows = new Int32Array(4 * 1024);
  #used = 0;
  #terms = 0;

  /** How many terms there are; ids are below it. */
  get size(): number {
    return this.#terms;
  }

  /** Bytes held by the table. */
  get byteLength(): number {
    return this.#rows.byteLength;
  }

  /** The term of a row, or {@link STOPPED}. */
  idAt(row: number): number {
    return (this.#rows[row + 2] ?? 0) - 2;
  }

  /** What kinds of answer the term of a row can give: the sum that {@link answerKindsOf} gives. */
  kindsAt(row: number): number {
    return this.#rows[row + 3] ?? 0;
  }

  /** The row of a word, as `WordSink.word` gets it. Good until the next row is asked for. */
  rowOfWord(text: string, start: number, end: number, first: number, second: number): number {
    const row = this.#placeOf(first, second);
    return this.#rows[row + 2] === 0 ? this.#putWord(text, start, end, first, second) : row;
  }

  /** The row of a pair of characters, as `WordSink.gram` gets it. Good until the next row is asked for. */
  rowOfGram(before: number, after: number): number {
    const first = Math.imul(before * 0x10000 + after, 0x9e3779b1) ^ before;
    const second = (before << 16) | after;
    const row = this.#placeOf(first, second);
    if (this.#rows[row + 2] !== 0) return row;
    const isGram = after < 0x10000 && before < 0x10000;
    const kinds = isGram ? answerKindsOf(gramText(before, after)) : 0;
    return this.#put(first, second, this.#terms++, kinds);
  }

  /** The id of a term as `termsOf` gives it. */
  idOfTerm(term: string): number {
    const code = term.charCodeAt(0);
    const isGram = term.length <= 2 && code >= 0x0e00;
    const second = term.length === 2 ? term.charCodeAt(1) : 0;
    return this.idAt(isGram ? this.rowOfGram(code, second) : this.#rowOfStem(term));
  }

  #putWord(text: string, start: number, end: number, first: number, second: number): number {
    // Numbers have no other forms, and every one of them may be new: they get no string and no second row.
    if (isNumber(text, start, end)) {
      const kinds = end - start === 4 ? answerKindsOf(text.slice(start, end)) : AMOUNT;
      return this.#put(first, second, this.#terms++, kinds);
    }
    const term = termOfWord(text, start, end);
    if (term === undefined) return this.#put(first, second, STOPPED, 0);
    const stem = this.#rowOfStem(term);
    return this.#put(first, second, this.idAt(stem), this.kindsAt(stem));
  }

  /** Stems live in the same table, under hashes of their own, so that `walks` and `walked` share an id. */
  #rowOfStem(stem: string): number {
    let first = 0x1b873593;
    let second = 0x6a09e667;
    for (let at = 0; at < stem.length; at += 1) {
      const code = stem.charCodeAt(at);
      first = Math.imul(first ^ code, 0x01000193);
      second = (Math.imul(second, 31) + code) | 0;
    }
    const row = this.#placeOf(first, second);
    if (this.#rows[row + 2] !== 0) return row;
    return this.#put(first, second, this.#terms++, answerKindsOf(stem));
  }

  /** Where a row stands, or the empty one where it belongs. */
  #placeOf(first: number, second: number): number {
    const rows = this.#rows;
    const mask = rows.length - 1;
    const mixed = Math.imul(first ^ Math.imul(second, 0x85ebca6b), 0x9e3779b1);
    let place = ((mixed ^ (mixed >>> 15)) << 2) & mask;
    while (rows[place + 2] !== 0 && (rows[place] !== first || rows[place + 1] !== second))
      place = (place + 4) & mask;
    return place;
  }

  #put(first: number, second: number, id: number, kinds: number): number {
    if (this.#used * 8 > this.#rows.length) this.#grow();
    this.#used += 1;
    return this.#place(first, second, id + 2, kinds);
  }

  #place(first: number, second: number, value: number, kinds: number): number {
    const row = this.#placeOf(first, second);
    this.#rows[row] = first;
    this.#rows[row + 1] = second;
    this.#rows[row + 2] = value;
    this.#rows[row + 3] = kinds;
    return row;
  }

  #grow(): void {
    const rows = this.#rows;
    this.#rows = new Int32Array(rows.length * 2);
    for (let from = 0; from < rows.length; from += 4) {
      const value = rows[from + 2] ?? 0;
      if (value !== 0) this.#place(rows[from] ?? 0, rows[from + 1] ?? 0, value, rows[from + 3] ?? 0);
    }
  }
}

function isNumber(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function gramText(before: number, after: number): string {
  return after === 0 ? String.fromCharCode(before) : String.fromCharCode(before, after);
}
