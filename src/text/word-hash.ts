/**
 * A word is known by two hashes of its characters, 64 bits together. Four characters are mixed in at once, the first of them on top; at the
 * end what is left, none to three. So a reader of bytes takes a word in steps of four, and a reader of characters comes to the same.
 */
export class WordHash {
  first = FIRST;
  second = SECOND;
  #four = 0;
  #count = 0;

  add(code: number): void {
    this.#four = (this.#four << 8) ^ code;
    this.#count += 1;
    if (this.#count === 4) this.end();
  }

  /** Mixes in what is left, also where nothing is. To be called once before the hashes are read. */
  end(): void {
    this.first = mixFirst(this.first, this.#four);
    this.second = mixSecond(this.second, this.#four);
    this.#four = this.#count = 0;
  }
}

/** What the two hashes begin with. */
export const FIRST = 0x811c9dc5 | 0;
export const SECOND = 0x2f0b4a87;

/** Two words that differ in one step only never share a hash: multiplying by an odd number, and the fold, can be undone. */
export function mixFirst(first: number, four: number): number {
  const mixed = Math.imul(first ^ four, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

export function mixSecond(second: number, four: number): number {
  return (Math.imul(second, 0x85ebca6b) + four) | 0;
}
