import { END_OF_TEXT, type PieceEnd } from './ascii-pieces.ts';
import { countMerged, roomForParts } from './count-merged.ts';
import { MOST_BYTES, ShortPieces } from './short-pieces.ts';
import { addToHash, emptyHash, noRank, type TokenTable } from './token-table.ts';

/** V8 copies substrings of up to 12 characters, and lets longer ones hold on to the whole text they were cut from. */
const cachedPieceLength = 12;
const cachedPieces = 50_000;
/** What is looked at behind a text. */
const AFTER = 12;
/** The longest piece is a window of 32,768 UTF-16 units, and a unit is three bytes at most. */
const mostBytes = 98_304;

/** Byte pair encoding over a table of ranks, counting only. */
export class BytePairEncoding {
  readonly #table: TokenTable;
  readonly #encoder = new TextEncoder();
  /** The piece at hand as UTF-8, and how long and what it is. */
  #bytes = new Uint8Array(1024);
  #length = 0;
  #hash = emptyHash;
  /** A text of ASCII at hand, a byte a character. */
  #held = new Uint8Array(1024);
  #view = new DataView(this.#held.buffer);
  readonly #short = new ShortPieces();
  readonly #room = roomForParts();
  readonly #counts = new Map<string, number>();

  constructor(table: TokenTable) {
    this.#table = table;
  }

  /** Tokens of one piece, that is of a text the encoding's pattern does not split. */
  countPiece(piece: string): number {
    this.#write(piece);
    if (this.#table.rankOfHashed(this.#bytes, 0, this.#length, this.#hash) !== noRank) return 1;
    const isCached = piece.length <= cachedPieceLength;
    const known = isCached ? this.#counts.get(piece) : undefined;
    if (known !== undefined) return known;
    const count = countMerged({ bytes: this.#bytes, size: this.#length }, this.#table, this.#room);
    if (isCached) {
      if (this.#counts.size >= cachedPieces) this.#counts.clear();
      this.#counts.set(piece, count);
    }
    return count;
  }

  /**
   * Takes a text of ASCII, whose pieces are then counted where they stand: most are one token, and need no string of their own.
   *
   * @returns false where the text is not of ASCII alone, and is not taken
   */
  hold(text: string): boolean {
    if (text.length + AFTER > this.#held.length) {
      this.#held = new Uint8Array(text.length * 2 + AFTER);
      this.#view = new DataView(this.#held.buffer);
    }
    const { read, written } = this.#encoder.encodeInto(text, this.#held);
    this.#held[written] = END_OF_TEXT;
    return read === text.length && written === text.length;
  }

  /** Counts the pieces of the text that was taken last, as far as they end within `limit`. */
  countHeld(text: string, pieceEnd: PieceEnd, limit: number): { tokens: number; length: number } {
    const bytes = this.#held;
    let tokens = 0;
    let start = 0;
    while (start < text.length) {
      const end = pieceEnd(bytes, start);
      if (end > limit) break;
      tokens +=
        end - start > MOST_BYTES ? this.#countHeldPiece(text, start, end) : this.#recall(text, start, end);
      start = end;
    }
    return { tokens, length: start };
  }

  /** Tokens of a short piece. */
  #recall(text: string, start: number, end: number): number {
    const row = this.#short.rowOf(this.#view, start, end - start);
    const known = this.#short.tokensAt(row);
    if (known > 0) return known;
    const tokens = this.#countHeldPiece(text, start, end);
    this.#short.remember(row, tokens);
    return tokens;
  }

  #countHeldPiece(text: string, start: number, end: number): number {
    const bytes = this.#held;
    let hash = emptyHash;
    for (let at = start; at < end; at += 1) hash = addToHash(hash, bytes[at] ?? 0);
    const isToken = this.#table.rankOfHashed(bytes, start, end, hash) !== noRank;
    return isToken ? 1 : this.countPiece(text.slice(start, end));
  }

  /** Takes the piece as UTF-8; lone surrogates become U+FFFD, as in every UTF-8 encoder. */
  #write(piece: string): void {
    if (piece.length * 3 > this.#bytes.length) this.#bytes = new Uint8Array(mostBytes);
    const bytes = this.#bytes;
    let length = 0;
    let hash = emptyHash;
    for (let at = 0; at < piece.length; at += 1) {
      const unit = piece.charCodeAt(at);
      if (unit >= 0x80) return this.#encode(piece);
      bytes[length] = unit;
      length += 1;
      hash = addToHash(hash, unit);
    }
    this.#length = length;
    this.#hash = hash;
  }

  #encode(piece: string): void {
    const { written } = this.#encoder.encodeInto(piece, this.#bytes);
    let hash = emptyHash;
    for (let at = 0; at < written; at += 1) hash = addToHash(hash, this.#bytes[at] ?? 0);
    this.#length = written;
    this.#hash = hash;
  }
}
