import type { EncodingName } from './encoding-pattern.ts';

/**
 * Where the piece of a text of ASCII that begins at a place ends: what the encoding's pattern matches there, found without a regular
 * expression, which takes longer.
 *
 * @param bytes - the text, a byte a character, and one of {@link END_OF_TEXT} behind it
 * @param start - where a piece begins, inside the text
 */
export type PieceEnd = (bytes: Uint8Array, start: number) => number;

/** No character of ASCII: what ends every run. */
export const END_OF_TEXT = 0xff;

/** What a byte is to the patterns. White space is `BLANK` or `NEWLINE`. */
const [END, UPPER, LOWER, DIGIT, SYMBOL, BLANK, NEWLINE] = [0, 1, 2, 3, 4, 5, 6];
const SPACE = 0x20;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const KINDS = kindsOfBytes();

/** By encoding. The rules are the alternatives of `encodingPattern`, in their order. */
export const pieceEnds: Readonly<Record<EncodingName, PieceEnd>> = {
  o200k_base(bytes, start) {
    const first = afterLead(bytes, start);
    const second = afterKind(bytes, first, UPPER);
    const end = afterKind(bytes, second, LOWER);
    if (end > first) return bytes[end] === APOSTROPHE ? afterContraction(bytes, end) : end;
    return afterDigits(bytes, start) || afterSymbols(bytes, start, SLASH) || afterWhite(bytes, start);
  },
  cl100k_base(bytes, start) {
    if (bytes[start] === APOSTROPHE) {
      const end = afterContraction(bytes, start);
      if (end > start) return end;
    }
    const first = afterLead(bytes, start);
    let end = first;
    while (isLetter(KINDS[bytes[end] ?? END_OF_TEXT])) end += 1;
    if (end > first) return end;
    return afterDigits(bytes, start) || afterSymbols(bytes, start, -1) || afterWhiteAtEnd(bytes, start);
  },
};

/** `[^\r\n\p{L}\p{N}]?` */
function afterLead(bytes: Uint8Array, start: number): number {
  const kind = KINDS[bytes[start] ?? END_OF_TEXT];
  return kind === BLANK || kind === SYMBOL ? start + 1 : start;
}

function afterKind(bytes: Uint8Array, start: number, kind: number): number {
  let end = start;
  while (KINDS[bytes[end] ?? END_OF_TEXT] === kind) end += 1;
  return end;
}

function isLetter(kind: number | undefined): boolean {
  return kind === LOWER || kind === UPPER;
}

/** `(?i:'s|'t|'re|'ve|'m|'ll|'d)?` */
function afterContraction(bytes: Uint8Array, apostrophe: number): number {
  // Makes capitals small, and no other character of ASCII a letter.
  const one = (bytes[apostrophe + 1] ?? END_OF_TEXT) | 0x20;
  if (ENDINGS.has(one)) return apostrophe + 2;
  const two = one * 256 + ((bytes[apostrophe + 2] ?? END_OF_TEXT) | 0x20);
  return LONG_ENDINGS.has(two) ? apostrophe + 3 : apostrophe;
}

const ENDINGS = new Set(Array.from('stmd', (letter) => letter.charCodeAt(0)));
const LONG_ENDINGS = new Set(['re', 've', 'll'].map((pair) => pair.charCodeAt(0) * 256 + pair.charCodeAt(1)));

/** `\p{N}{1,3}`; 0 where there is none. */
function afterDigits(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < start + 3 && KINDS[bytes[end] ?? END_OF_TEXT] === DIGIT) end += 1;
  return end > start ? end : 0;
}

/** ` ?[^\s\p{L}\p{N}]+[\r\n]*`, where `besides` may stand among the newlines; 0 where there is none. */
function afterSymbols(bytes: Uint8Array, start: number, besides: number): number {
  const first = bytes[start] === SPACE ? start + 1 : start;
  let end = afterKind(bytes, first, SYMBOL);
  if (end === first) return 0;
  while (KINDS[bytes[end] ?? END_OF_TEXT] === NEWLINE || bytes[end] === besides) end += 1;
  return end;
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+` */
function afterWhite(bytes: Uint8Array, start: number): number {
  let newline = 0;
  let end = start;
  for (let kind = KINDS[bytes[end] ?? END_OF_TEXT]; kind === BLANK || kind === NEWLINE;) {
    end += 1;
    if (kind === NEWLINE) newline = end;
    kind = KINDS[bytes[end] ?? END_OF_TEXT];
  }
  if (newline > 0) return newline;
  // The last blank leads what follows it.
  return bytes[end] === END_OF_TEXT || end === start + 1 ? end : end - 1;
}

/** The same, and `\s+$` before all. */
function afterWhiteAtEnd(bytes: Uint8Array, start: number): number {
  let end = start;
  for (
    let kind = KINDS[bytes[end] ?? END_OF_TEXT];
    kind === BLANK || kind === NEWLINE;
    kind = KINDS[bytes[end] ?? END_OF_TEXT]
  )
    end += 1;
  return bytes[end] === END_OF_TEXT ? end : afterWhite(bytes, start);
}

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256).fill(SYMBOL, 0, 0x80);
  kinds.fill(END, 0x80);
  kinds.fill(BLANK, 0x09, 0x0e);
  for (const byte of [0x0a, 0x0d]) kinds[byte] = NEWLINE;
  kinds[SPACE] = BLANK;
  kinds.fill(DIGIT, 0x30, 0x3a);
  kinds.fill(UPPER, 0x41, 0x5b);
  kinds.fill(LOWER, 0x61, 0x7b);
  return kinds;
}
