import { noRank, type TokenTable } from './token-table.ts';

/** Above this many bytes a heap finds the lowest rank sooner than looking at all of them does. */
const mostScanned = 128;

/** Where each part of a short piece begins, and the rank of the token that it would be with the next one. */
export interface Parts {
  readonly starts: Int32Array;
  readonly ranks: Int32Array;
}

/** Room for the parts of short pieces, to be used again: making it costs more than counting most of them. */
export function roomForParts(): Parts {
  return { starts: new Int32Array(mostScanned + 1), ranks: new Int32Array(mostScanned + 1) };
}

/** A piece of text to be counted. */
export interface Piece {
  /** UTF-8, and perhaps more behind it. */
  readonly bytes: Uint8Array;
  /** How many bytes the piece has, less than 16 MiB. */
  readonly size: number;
}

/**
 * Byte pair encoding of a piece: joins the neighbours of lowest rank until none can be joined.
 *
 * @returns how many tokens it has
 */
export function countMerged(piece: Piece, table: TokenTable, room: Parts): number {
  return piece.size <= mostScanned ? countByScan(piece, table, room) : countByHeap(piece, table);
}

/** In n² steps, each of them a comparison. */
function countByScan({ bytes, size }: Piece, table: TokenTable, { starts, ranks }: Parts): number {
  let parts = size;
  for (let part = 0; part <= size; part += 1) {
    starts[part] = part;
    ranks[part] = part + 1 < size ? table.rankOfPair(bytes[part] ?? 0, bytes[part + 1] ?? 0) : noRank;
  }
  /** The rank of a part joined with the next. */
  const rate = (part: number): void => {
    const isLast = part + 1 >= parts;
    ranks[part] = isLast ? noRank : table.rankOf(bytes, starts[part] ?? 0, starts[part + 2] ?? size);
  };
  for (;;) {
    let lowest = Infinity;
    let left = -1;
    for (let part = 0; part < parts - 1; part += 1) {
      const rank = ranks[part] ?? noRank;
      if (rank === noRank || rank >= lowest) continue;
      lowest = rank;
      left = part;
    }
    if (left === -1) return parts;
    starts.copyWithin(left + 1, left + 2, parts + 1);
    ranks.copyWithin(left + 1, left + 2, parts + 1);
    parts -= 1;
    rate(left);
    if (left > 0) rate(left - 1);
  }
}

/** Positions fit below this: the heap's entries are `rank * positions + position`, exact in a double. */
const positions = 2 ** 24;

/** In n log n: the pairs wait in a heap by rank, then position; entries that a merge made stale are skipped when they come up. */
function countByHeap({ bytes, size }: Piece, table: TokenTable): number {
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
    enter(left, right < size ? table.rankOf(bytes, left, next[right] ?? size) : noRank);
  };
  for (let i = 0; i + 1 < size; i += 1) enter(i, table.rankOfPair(bytes[i] ?? 0, bytes[i + 1] ?? 0));
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
