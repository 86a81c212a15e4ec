import { countMerged, noRank, type RankTable } from './count-merged.ts';

/** V8 copies substrings of up to 12 characters, and lets longer ones hold on to the whole text they were cut from. */
const cachedPieceLength = 12;
const cachedPieces = 50_000;

/**
 * Byte pair encoding over a table of ranks, counting only. Bytes are held as characters 0 to 255, since slices of a string are
 * the cheapest keys of a Map. It stands here, and not the library's own loop, for three reasons: that one takes quadratic time
 * on long runs, strips the bytes of U+FEFF from keys, and splits at JavaScript's idea of white space.
 */
export class BytePairEncoding {
  readonly #ranks: RankTable;
  /** Non-ASCII tokens as text: spares the conversion to bytes where a whole piece is one token. */
  readonly #wholes = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** @param table tokens by rank, as text or, where they are no valid UTF-8, as bytes; may have holes */
  constructor(table: readonly (string | readonly number[] | undefined)[]) {
    const ranks = new Map<string, number>();
    const pairs = new Int32Array(65_536).fill(noRank);
    for (let rank = 0; rank < table.length; rank += 1) {
      const token = table[rank];
      if (token === undefined) continue;
      const bytes = typeof token === 'string' ? toByteString(token) : String.fromCharCode(...token);
      ranks.set(bytes, rank);
      if (bytes.length === 2) pairs[bytes.charCodeAt(0) * 256 + bytes.charCodeAt(1)] = rank;
      if (typeof token === 'string' && bytes !== token) this.#wholes.add(token);
    }
    this.#ranks = { ranks, pairs };
  }

  /** Tokens of one piece, that is of a text the encoding's pattern does not split. */
  countPiece(piece: string): number {
    if (this.#wholes.has(piece)) return 1;
    const isCached = piece.length <= cachedPieceLength;
    const known = isCached ? this.#counts.get(piece) : undefined;
    if (known !== undefined) return known;
    const count = this.#countBytes(toByteString(piece));
    if (isCached) {
      if (this.#counts.size >= cachedPieces) this.#counts.clear();
      this.#counts.set(piece, count);
    }
    return count;
  }

  #countBytes(bytes: string): number {
    if (this.#ranks.ranks.has(bytes)) return 1;
    return countMerged(bytes, this.#ranks);
  }
}

/** UTF-8 as a string of characters 0 to 255; lone surrogates become U+FFFD, as in every UTF-8 encoder. */
function toByteString(text: string): string {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) < 0x80) i += 1;
  if (i === text.length) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= 1024) return String.fromCharCode(...bytes);
  let out = '';
  for (let at = 0; at < bytes.length; at += 1024)
    out += String.fromCharCode(...bytes.subarray(at, at + 1024));
  return out;
}
