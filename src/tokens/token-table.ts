/** Stands for "these bytes are no token". */
export const noRank = -1;

/**
 * The tokens of an encoding by their bytes, in typed arrays: a Map of 200,000 strings takes ten times as long to build and five times
 * the memory.
 */
export class TokenTable {
  /** Every token after another: its length in one byte, then its bytes. */
  readonly #packed: Uint8Array;
  /** Where a rank's token begins: at its length. */
  readonly #starts: Uint32Array;
  /**
   * Open addressing by the hash of a token's bytes: its rank plus one, below some bits of the hash, so that other bytes are mostly told
   * apart without being looked at; zero where there is none.
   */
  readonly #slots: Uint32Array;
  /** Ranks of the tokens of two bytes, since they are asked for most: first byte × 256 + second byte. */
  readonly #pairs = new Int32Array(65_536).fill(noRank);

  /** @param packed tokens by rank, each as its length in one byte and its bytes */
  constructor(packed: Uint8Array) {
    this.#packed = packed;
    const count = countTokens(packed);
    const [starts, slots] = [new Uint32Array(count), new Uint32Array(2 ** Math.ceil(Math.log2(count * 2)))];
    const pairs = this.#pairs;
    const mask = slots.length - 1;
    // `addToHash` and `spread` written out: a loop without calls is machine code sooner, and this one runs once in a process.
    for (let at = 0, rank = 0; rank < count; rank += 1) {
      starts[rank] = at;
      const end = at + 1 + (packed[at] ?? 0);
      if (end - at === 3) pairs[(packed[at + 1] ?? 0) * 256 + (packed[at + 2] ?? 0)] = rank;
      let hash = emptyHash;
      for (at += 1; at < end; at += 1) hash = Math.imul(hash ^ (packed[at] ?? 0), 0x01000193);
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = ((hash >>> rankBits) << rankBits) | (rank + 1);
    }
    this.#starts = starts;
    this.#slots = slots;
  }

  /** The rank of the token of two bytes. */
  rankOfPair(first: number, second: number): number {
    return this.#pairs[first * 256 + second] ?? noRank;
  }

  /** The rank of the token that the bytes from `start` to `end` are. */
  rankOf(bytes: Uint8Array, start: number, end: number): number {
    return this.rankOfHashed(bytes, start, end, hashOf(bytes, start, end));
  }

  /** The same where the hash of the bytes is known. */
  rankOfHashed(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start;
    if (length > 255) return noRank;
    const slots = this.#slots;
    const packed = this.#packed;
    const starts = this.#starts;
    const mask = slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] ?? 0;
      if (entry === 0) return noRank;
      if (entry >>> rankBits !== hash >>> rankBits) continue;
      const rank = (entry & (2 ** rankBits - 1)) - 1;
      const at = starts[rank] ?? 0;
      if (packed[at] !== length) continue;
      let same = 0;
      while (same < length && packed[at + 1 + same] === bytes[start + same]) same += 1;
      if (same === length) return rank;
    }
  }
}

/** No encoding has more tokens than 2^18. */
const rankBits = 18;

/** The hash of no bytes; {@link addToHash} takes it from there. */
export const emptyHash = 0x811c9dc5 | 0;

/** FNV-1a, a byte at a time. */
export function addToHash(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = emptyHash;
  for (let at = start; at < end; at += 1) hash = addToHash(hash, bytes[at] ?? 0);
  return hash;
}

/** FNV's low bits depend on the low bits of the bytes alone. */
function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}

function countTokens(packed: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < packed.length; at += 1 + (packed[at] ?? 0)) count += 1;
  return count;
}
