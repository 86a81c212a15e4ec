/** Stands for "these two bytes are no token". */
export const noRank = -1;

/** Ranks of tokens by their bytes, one character per byte; those of two bytes also by number, since they are asked for most. */
export interface RankTable {
  readonly ranks: ReadonlyMap<string, number>;
  /** Index: first byte × 256 + second byte. */
  readonly pairs: Int32Array;
}

/** Positions fit below this: the heap's entries are `rank * positions + position`, exact in a double. */
const positions = 2 ** 24;

/**
 * Byte pair encoding of a piece, in n log n: joins the neighbours of lowest rank until none can be joined. The pairs wait in a heap
 * by rank, then position; entries that a merge made stale are skipped when they come up. Scanning for the lowest rank instead is no
 * faster at 64 bytes and five times slower at 4,000.
 *
 * @param bytes the piece, one character per byte, shorter than 16 MiB
 * @returns how many tokens it has
 */
export function countMerged(bytes: string, table: RankTable): number {
  const size = bytes.length;
  const next = new Int32Array(size + 1);
  const previous = new Int32Array(size + 1);
  /** Rank of the pair that starts here. */
  const pairRank = new Int32Array(size + 1).fill(noRank);
  const heap = new MinHeap();
  for (let i = 0; i <= size; i += 1) {
    next[i] = i + 1;
    previous[i] = i - 1;
  }
  const enter = (left: number, rank: number): void => {
    pairRank[left] = rank;
    if (rank !== noRank) heap.push(rank * positions + left);
  };
  const rate = (left: number): void => {
    const right = next[left] ?? size;
    enter(left, right < size ? (table.ranks.get(bytes.slice(left, next[right])) ?? noRank) : noRank);
  };
  for (let i = 0; i + 1 < size; i += 1) {
    enter(i, table.pairs[bytes.charCodeAt(i) * 256 + bytes.charCodeAt(i + 1)] ?? noRank);
  }
  let count = size;
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
    const left = entry % positions;
    if (pairRank[left] !== Math.floor(entry / positions)) continue;
    const gone = next[left] ?? size;
    const after = next[gone] ?? size;
    next[left] = after;
    previous[after] = left;
    pairRank[gone] = noRank;
    count -= 1;
    rate(left);
    const before = previous[left] ?? -1;
    if (before >= 0) rate(before);
  }
  return count;
}

/** A binary heap of numbers, the least on top. */
class MinHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent] ?? -Infinity;
      if (above <= item) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const item = items.pop();
    if (item === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if ((items[child + 1] ?? Infinity) < (items[child] ?? Infinity)) child += 1;
      const below = items[child] ?? Infinity;
      if (below >= item) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
    return top;
  }
}
