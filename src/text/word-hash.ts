/**
 * A word is known by two numbers, 64 bits together: four characters of ASCII in each, the first of them on top. Words of ASCII of up to seven characters
 * are known exactly, of all others the numbers are hashes. So a reader of bytes takes a word in steps of four, and a reader of
 * characters comes to the same.
 */
export class WordHash {
  first = 0;
  second = 0;
  #four = 0;
  #count = 0;
  #steps = 0;

  add(code: number): void {
    // What is no ASCII has more than eight bits: it is spread over all 32, so that no word of another script is taken for a number.
    this.#four = (this.#four << 8) ^ (code < 0x80 ? code : Math.imul(code, 0x9e3779b1));
    this.#count += 1;
    if (this.#count === 4) this.#take(this.#four);
  }

  /** Takes what is left, none to three characters. To be called once before the numbers are read. */
  end(): void {
    this.#take(this.#count === 0 ? 0 : this.#four << (32 - 8 * this.#count));
  }

  #take(four: number): void {
    if (this.#steps === 0) this.first = four;
    else if (this.#steps === 1) this.second = four;
    else {
      this.first = mixFirst(this.first, this.second);
      this.second = mixSecond(this.second, four);
    }
    this.#four = this.#count = 0;
    this.#steps += 1;
  }
}

/** Two words that differ in one step only never share a hash: multiplying by an odd number, and the fold, can be undone. */
export function mixFirst(first: number, four: number): number {
  const mixed = Math.imul(first ^ four, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

export function mixSecond(second: number, four: number): number {
  return (Math.imul(second, 0x85ebca6b) + four) | 0;
}
