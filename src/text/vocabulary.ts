import { AMOUNT, answerKindsOf } from './answer-kinds.ts';
import { termOfWord } from './words.ts';

/** What {@link Vocabulary.idOfWord} gives for a stop word. */
export const STOPPED = -1;

/**
 * Numbers the terms of texts. Words are known by two 32-bit hashes of their letters, so that a word seen before costs one look into a
 * table and no string is made or kept; only a new word is stemmed. Two words with the same 64 bits would be taken for one: about one
 * chance in ten million for a million words, and then a score is a little off.
 */
export class Vocabulary {
  /** Rows of four: two hashes, term id + 2 (0 is an empty row, 1 a stop word), nothing. One row, one line of cache. */
  #rows = new Int32Array(4 * 1024);
  #used = 0;
  #terms = 0;
  /** What kinds of answer each term can give, by id. */
  #kinds = new Uint8Array(512);

  /** How many terms there are; ids are below it. */
  get size(): number {
    return this.#terms;
  }

  /** Bytes held by the tables. */
  get byteLength(): number {
    return this.#rows.byteLength + this.#kinds.byteLength;
  }

  /** The id of a word, as `WordSink.word` gets it, or {@link STOPPED}. */
  idOfWord(text: string, start: number, end: number, first: number, second: number): number {
    const known = this.#rows[this.#placeOf(first, second) + 2] ?? 0;
    if (known !== 0) return known - 2;
    // Numbers have no other forms, and every one of them may be new: they get no string and no second row.
    if (isNumber(text, start, end)) {
      const kinds = end - start === 4 ? answerKindsOf(text.slice(start, end)) : AMOUNT;
      return this.#put(first, second, this.#add(kinds));
    }
    const term = termOfWord(text, start, end);
    if (term === undefined) return this.#put(first, second, STOPPED);
    return this.#put(first, second, this.#idOfStem(term));
  }

  /** The id of a pair of characters, as `WordSink.gram` gets it. */
  idOfGram(before: number, after: number): number {
    const first = Math.imul(before * 0x10000 + after, 0x9e3779b1) ^ before;
    const second = (before << 16) | after;
    const known = this.#rows[this.#placeOf(first, second) + 2] ?? 0;
    if (known !== 0) return known - 2;
    const isGram = after < 0x10000 && before < 0x10000;
    return this.#put(first, second, this.#add(isGram ? answerKindsOf(gramText(before, after)) : 0));
  }

  /** The id of a term as `termsOf` gives it. */
  idOfTerm(term: string): number {
    const code = term.charCodeAt(0);
    return term.length <= 2 && code >= 0x0e00
      ? this.idOfGram(code, term.length === 2 ? term.charCodeAt(1) : 0)
      : this.#idOfStem(term);
  }

  /** What kinds of answer a term can give: the sum that {@link answerKindsOf} gives. */
  kindsOf(id: number): number {
    return this.#kinds[id] ?? 0;
  }

  /** Numbers a term that can give these kinds of answer. */
  #add(kinds: number): number {
    const id = this.#terms;
    this.#terms += 1;
    if (id === this.#kinds.length) {
      const larger = new Uint8Array(id * 2);
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
    this.#kinds[id] = kinds;
    return id;
  }

  /** Stems live in the same table, under hashes of their own, so that `walks` and `walked` share an id. */
  #idOfStem(stem: string): number {
    let first = 0x1b873593;
    let second = 0x6a09e667;
    for (let at = 0; at < stem.length; at += 1) {
      const code = stem.charCodeAt(at);
      first = Math.imul(first ^ code, 0x01000193);
      second = (Math.imul(second, 31) + code) | 0;
    }
    const known = this.#rows[this.#placeOf(first, second) + 2] ?? 0;
    return known === 0 ? this.#put(first, second, this.#add(answerKindsOf(stem))) : known - 2;
  }

  /** Where a row stands, or the empty one where it belongs. */
  #placeOf(first: number, second: number): number {
    const rows = this.#rows;
    const mask = rows.length - 1;
    let place = ((first ^ (first >>> 15)) << 2) & mask;
    while (rows[place + 2] !== 0 && (rows[place] !== first || rows[place + 1] !== second))
      place = (place + 4) & mask;
    return place;
  }

  #put(first: number, second: number, id: number): number {
    if (this.#used * 8 > this.#rows.length) this.#grow();
    this.#place(first, second, id + 2);
    this.#used += 1;
    return id;
  }

  #place(first: number, second: number, value: number): void {
    const place = this.#placeOf(first, second);
    this.#rows[place] = first;
    this.#rows[place + 1] = second;
    this.#rows[place + 2] = value;
  }

  #grow(): void {
    const rows = this.#rows;
    this.#rows = new Int32Array(rows.length * 2);
    for (let from = 0; from < rows.length; from += 4) {
      if (rows[from + 2] !== 0) this.#place(rows[from] ?? 0, rows[from + 1] ?? 0, rows[from + 2] ?? 0);
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
