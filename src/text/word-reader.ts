import { mixFirst, mixSecond } from './word-hash.ts';
import { scanCompound, scanWords, type WordSink } from './words.ts';

/** Longer texts are read without a copy, in UTF-16 units. */
const MAX_LENGTH = 16_384;

const POINT = 0x2e;
/** What a byte of ASCII is to the scan. */
const [OTHER, DIGIT, LOWER, UPPER, JOINS] = [0, 1, 2, 3, 4];

/** How many bytes after a text are looked at. */
const AFTER = 8;
/** The top bit of each of four bytes, which no character of ASCII has. */
const TOPS = 0x80808080 | 0;
/** What makes capitals small, in each of four bytes, and changes neither small letters nor digits. */
const SMALL = 0x20202020;
/** The first none to four of four bytes. */
const KEEP = Int32Array.of(0, 0xff000000, 0xffff0000, 0xffffff00, 0xffffffff);
/** The least and the greatest character of a kind, in each of four bytes; the greatest with the top bit, so that nothing is borrowed from it. */
const LEAST = Int32Array.of(0, 0x30303030, 0x61616161, 0x41414141);
const MOST = Int32Array.of(0, 0xb9b9b9b9, 0xfafafafa, 0xdadadada);

/**
 * Hands the words of texts to a sink, as `scanWords` does, and about twice as fast where a text is ASCII: it is copied into bytes first, which
 * cost less to look at than the characters of a string, and four of which are looked at at once.
 */
export class WordReader {
  readonly #encoder = new TextEncoder();
  readonly #bytes = new Uint8Array(MAX_LENGTH + AFTER);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #kinds = kindsOfAscii();

  read(text: string, sink: WordSink): void {
    const { length } = text;
    const isCandidate =
      length <= MAX_LENGTH && text.charCodeAt(0) < 0x80 && text.charCodeAt(length >> 1) < 0x80;
    if (isCandidate && this.#copy(text)) this.#readAscii(text, sink);
    else scanWords(text, sink);
  }

  /** @returns whether all of it is ASCII: as many bytes as characters */
  #copy(text: string): boolean {
    const { read, written } = this.#encoder.encodeInto(text, this.#bytes);
    return read === text.length && written === text.length;
  }

  #readAscii(text: string, sink: WordSink): void {
    const { length } = text;
    const bytes = this.#bytes;
    const view = this.#view;
    const kinds = this.#kinds;
    // What stands behind the text ends its last word.
    view.setInt32(length, 0);
    view.setInt32(length + 4, 0);
    let at = 0;
    while (at < length) {
      let kind = kinds[bytes[at] ?? 0] ?? 0;
      if (kind === OTHER || kind === JOINS) {
        at += 1;
        continue;
      }
      const start = at;
      let four = view.getInt32(at);
      let next = view.getInt32(at + 4);
      // A capital may come before small letters; else one kind only: all else is for the careful scan.
      if (kind === UPPER && kinds[bytes[at + 1] ?? 0] === LOWER) {
        kind = LOWER;
        four |= 0x20000000;
      }
      const least = LEAST[kind] ?? 0;
      const most = MOST[kind] ?? 0;
      // Up to seven characters are taken without a branch: how long a word is cannot be foretold, and guessing wrong costs more than all the rest.
      const size = sizeOf(four, least, most);
      let rest = sizeOf(next, least, most) & -(size >> 2);
      let first = (four | SMALL) & (KEEP[size] ?? 0);
      let second = (next | SMALL) & (KEEP[rest] ?? 0);
      at += size;
      while (rest === 4) {
        at += 4;
        next = view.getInt32(at);
        rest = sizeOf(next, least, most);
        first = mixFirst(first, second);
        second = mixSecond(second, (next | SMALL) & (KEEP[rest] ?? 0));
      }
      at += rest;
      const after = kinds[bytes[at] ?? 0];
      const isOver = after === OTHER || (bytes[at] === POINT && kinds[bytes[at + 1] ?? 0] === OTHER);
      if (isOver) {
        sink.word(text, start, at, first, second);
        at += 1;
      } else at = scanCompound(text, start, sink);
    }
  }
}

/** How many of four characters are of a kind, before the first that is not. */
function sizeOf(four: number, least: number, most: number): number {
  return Math.clz32((((four | TOPS) - least) & (most - four) & TOPS) ^ TOPS) >>> 3;
}

function kindsOfAscii(): Uint8Array {
  const kinds = new Uint8Array(256);
  for (let code = 48; code <= 57; code += 1) kinds[code] = DIGIT;
  for (let code = 97; code <= 122; code += 1) {
    kinds[code] = LOWER;
    kinds[code - 32] = UPPER;
  }
  for (const link of "-_./:@#+\\'") kinds[link.charCodeAt(0)] = JOINS;
  return kinds;
}
