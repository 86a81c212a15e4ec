/** Bits a word holds. */
const BITS = 5;

/**
 * A set of places of a list, which knows the neighbours of a place: a tree of bits, 32 to a word, so that a look costs a few steps whether
 * the set holds ten places of a hundred thousand or nearly all of them.
 */
export class PlaceSet {
  /** The first one has a bit for each place, every further one a bit for each word of the one before that is not empty. */
  readonly #levels: Int32Array[] = [];
  readonly #size: number;

  /** @param size - places are below it */
  constructor(size: number) {
    this.#size = size;
    let words = size;
    do {
      words = (words + 31) >> BITS;
      this.#levels.push(new Int32Array(Math.max(1, words)));
    } while (words > 1);
  }

  has(place: number): boolean {
    return (((this.#levels[0]?.[place >> BITS] ?? 0) >>> (place & 31)) & 1) === 1;
  }

  add(place: number): void {
    let at = place;
    for (const words of this.#levels) {
      words[at >> BITS] = (words[at >> BITS] ?? 0) | (1 << (at & 31));
      at >>= BITS;
    }
  }

  delete(place: number): void {
    let at = place;
    for (const words of this.#levels) {
      const left = (words[at >> BITS] ?? 0) & ~(1 << (at & 31));
      words[at >> BITS] = left;
      if (left !== 0) return;
      at >>= BITS;
    }
  }

  /** The first place of the set; the list's size where it is empty. */
  first(): number {
    return this.has(0) ? 0 : this.after(0);
  }

  /** The nearest place of the set below `place`; −1 where there is none. */
  before(place: number): number {
    let at = place;
    for (let level = 0; level < this.#levels.length; level += 1) {
      const found = (this.#levels[level]?.[at >> BITS] ?? 0) & ((1 << (at & 31)) - 1);
      if (found !== 0) return this.#descend(level, (at & ~31) + highest(found), highest);
      at >>= BITS;
    }
    return -1;
  }

  /** The nearest place of the set above `place`; the list's size where there is none. */
  after(place: number): number {
    let at = place;
    for (let level = 0; level < this.#levels.length; level += 1) {
      // Shifting by 32 would shift by none.
      const found = (at & 31) === 31 ? 0 : (this.#levels[level]?.[at >> BITS] ?? 0) & (-1 << ((at & 31) + 1));
      if (found !== 0) return this.#descend(level, (at & ~31) + lowest(found), lowest);
      at >>= BITS;
    }
    return this.#size;
  }

  #descend(level: number, from: number, pick: (bits: number) => number): number {
    let at = from;
    for (let below = level - 1; below >= 0; below -= 1)
      at = (at << BITS) + pick(this.#levels[below]?.[at] ?? 0);
    return at;
  }
}

function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
