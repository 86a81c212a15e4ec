import { STOPPED, Vocabulary } from './vocabulary.ts';
import { WordReader } from './word-reader.ts';
import { scanWords, type WordSink } from './words.ts';

/** About as many in English, stop words left out; in other languages there are more terms. */
const CHARACTERS_PER_TERM = 8;

/** A term of a query and how much it counts against the others. */
export interface QueryTerm {
  /** Below 0: none of its own, only `others`. */
  readonly id: number;
  /** Further terms that count as this one, where no other term of the query claims them. */
  readonly others?: readonly number[];
  /** 1 for a word or a pair of kanji, less for what says less. */
  readonly weight: number;
}

/** Where one term stands: document numbers in rising order, and how often in each. */
export interface Postings {
  readonly documents: readonly number[];
  readonly counts: readonly number[];
}

/**
 * The terms of a growing list of texts. It keeps term ids in reading order, four bytes each, and no inverted lists: looking through all
 * of them for a query takes about four milliseconds per million terms, appending costs no more than reading the text, and cutting the end
 * off is free.
 */
export class TermIndex {
  readonly #vocabulary = new Vocabulary();
  readonly #reader = new WordReader();
  readonly #column = new TermColumn(this.#vocabulary);
  #ends = new Int32Array(64);
  #kinds = new Uint8Array(64);
  #size = 0;

  /** How many texts are in the index. */
  get size(): number {
    return this.#size;
  }

  /** How many terms all texts have together. */
  get termCount(): number {
    return this.#column.used;
  }

  /** Bytes held: four per term, the vocabulary's table on top. */
  get byteLength(): number {
    return (
      this.#column.ids.byteLength +
      this.#ends.byteLength +
      this.#kinds.byteLength +
      this.#vocabulary.byteLength
    );
  }

  /** Makes room for texts to come at once, which costs less than bit by bit. @param characters - how long they are together, in UTF-16 units */
  expect(characters: number): void {
    this.#column.reserve(Math.floor(characters / CHARACTERS_PER_TERM));
  }

  /** Puts a text at the end. Time linear in its length. */
  append(text: string): void {
    if (this.#size === this.#ends.length) {
      this.#ends = grown(this.#ends, new Int32Array(this.#size * 2));
      this.#kinds = grown(this.#kinds, new Uint8Array(this.#size * 2));
    }
    this.#column.kinds = 0;
    this.#reader.read(text, this.#column);
    this.#ends[this.#size] = this.#column.used;
    this.#kinds[this.#size] = this.#column.kinds;
    this.#size += 1;
  }

  /** Forgets all texts from number `size` on. The vocabulary stays. */
  truncate(size: number): void {
    if (size >= this.#size) return;
    this.#size = Math.max(0, size);
    this.#column.used = this.#startOf(this.#size);
  }

  /** How many terms a text has, stop words not counted. */
  lengthOf(document: number): number {
    return (this.#ends[document] ?? 0) - this.#startOf(document);
  }

  /** What kinds of answer a text holds: see `answerKindsOf`. */
  kindsOf(document: number): number {
    return this.#kinds[document] ?? 0;
  }

  /** The different terms of a query in order, pairs of kana weighted down: two katakana are half a word, two hiragana mostly grammar. */
  queryTermsOf(query: string): QueryTerm[] {
    const vocabulary = this.#vocabulary;
    const weights = new Map<number, number>();
    scanWords(query, {
      word: (text, start, end, first, second) =>
        weights.set(vocabulary.idAt(vocabulary.rowOfWord(text, start, end, first, second)), 1),
      gram: (before, after) =>
        weights.set(vocabulary.idAt(vocabulary.rowOfGram(before, after)), gramWeight(before, after)),
    });
    weights.delete(STOPPED);
    return [...weights].map(([id, weight]) => ({ id, weight }));
  }

  /** The ids of terms given as `termsOf` gives them. */
  idsOf(terms: readonly string[]): number[] {
    return terms.map((term) => this.#vocabulary.idOfTerm(term));
  }

  /** Where the terms stand, one entry per term in the same order. */
  postingsOf(terms: readonly QueryTerm[]): Postings[] {
    const found = terms.map(() => ({ documents: [] as number[], counts: [] as number[] }));
    // A byte each, so that the table stays in the processor's nearest cache.
    const places = new (terms.length < 256 ? Uint8Array : Int32Array)(this.#vocabulary.size);
    for (const [place, term] of terms.entries())
      for (const other of term.others ?? []) places[other] ||= place + 1;
    for (const [place, term] of terms.entries()) if (term.id >= 0) places[term.id] = place + 1;
    const { ids, used } = this.#column;
    const ends = this.#ends;
    let document = 0;
    for (let at = 0; at < used; at += 1) {
      const place = places[ids[at] ?? 0] ?? 0;
      if (place === 0) continue;
      while ((ends[document] ?? 0) <= at) document += 1;
      note(found[place - 1], document);
    }
    return found;
  }

  #startOf(document: number): number {
    return document === 0 ? 0 : (this.#ends[document - 1] ?? 0);
  }
}

/** The column of term ids that an index writes while it reads. */
class TermColumn implements WordSink {
  ids = new Int32Array(1024);
  used = 0;
  /** What kinds of answer the terms since it was last set to 0 can give. */
  kinds = 0;
  readonly vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.vocabulary = vocabulary;
  }

  /** Makes room for more terms. */
  reserve(terms: number): void {
    if (this.used + terms <= this.ids.length) return;
    const length = Math.max(this.used + terms, Math.ceil(this.ids.length * 1.5));
    this.ids = grown(this.ids, new Int32Array(length));
  }

  word(text: string, start: number, end: number, first: number, second: number): void {
    this.push(this.vocabulary.rowOfWord(text, start, end, first, second));
  }

  gram(before: number, after: number): void {
    this.push(this.vocabulary.rowOfGram(before, after));
  }

  push(row: number): void {
    if (this.used === this.ids.length) this.reserve(1);
    const id = this.vocabulary.idAt(row);
    this.ids[this.used] = id;
    // A stop word's id, −1, is written over by the next: no branch, for nobody can foretell where they stand.
    this.used += 1 + (id >> 31);
    this.kinds |= this.vocabulary.kindsAt(row);
  }
}

function note(postings: { documents: number[]; counts: number[] } | undefined, document: number): void {
  if (postings === undefined) return;
  const { documents, counts } = postings;
  const last = documents.length - 1;
  if (documents[last] === document) counts[last] = (counts[last] ?? 0) + 1;
  else {
    documents.push(document);
    counts.push(1);
  }
}

function gramWeight(before: number, after: number): number {
  if (before >= 0x30a1 && before <= 0x30fc) return 0.6;
  if (before >= 0x3041 && before <= 0x309f) return 0.5;
  return after === 0 ? 0.7 : 1;
}

function grown<Column extends Int32Array | Uint8Array>(full: Column, larger: Column): Column {
  larger.set(full);
  return larger;
}
