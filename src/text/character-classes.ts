/** Part of no word. */
export const GAP = 0;
/** Of a script with spaces between words. */
export const LETTER = 1;
/** An ASCII digit. */
export const DIGIT = 2;
/** Chinese characters, Japanese or not. */
export const KANJI = 3;
/** Katakana with its long vowel mark. */
const KATAKANA = 4;
/** Hiragana. */
export const HIRAGANA = 5;
/** A script without spaces between words, or with words that change at the end too freely to be stemmed here. */
export const UNSPACED = 6;
/** Binds parts to one word where it stands between letters or digits. */
export const LINK = 7;
/** ' or ’. */
export const APOSTROPHE = 8;
/** A first half of a surrogate pair: a rare kanji, or an emoji. */
export const SURROGATE = 9;

const ASCII = /* @__PURE__ */ asciiClasses();

/** Whether a class is one of words with spaces between them. */
export function isWordClass(kind: number): boolean {
  return kind === LETTER || kind === DIGIT;
}

/** The class of the character at a place of a text; {@link GAP} beyond its end. */
export function classAt(text: string, at: number): number {
  return at < text.length ? classOf(text.charCodeAt(at)) : GAP;
}

/** The class of a UTF-16 code unit. */
export function classOf(code: number): number {
  return code < 128 ? (ASCII[code] ?? GAP) : wideClassOf(code);
}

/** By block, coarse: what matters is which characters make a word together, not what Unicode calls them. */
function wideClassOf(code: number): number {
  if (code >= 0x3041 && code <= 0x309f) return HIRAGANA;
  if (code >= 0x4e00 && code <= 0x9fff) return KANJI;
  if ((code >= 0x30a1 && code <= 0x30fa) || code === 0x30fc) return KATAKANA;
  if (code < 0x2000) return spacedClassOf(code);
  if ((code >= 0x3400 && code <= 0x4dbf) || code === 0x3005) return KANJI;
  if (code >= 0xf900 && code <= 0xfaff) return KANJI;
  if (code >= 0xac00 && code <= 0xd7af) return UNSPACED;
  if (code >= 0xd800 && code <= 0xdbff) return SURROGATE;
  if (code === 0x2019) return APOSTROPHE;
  if (code === 0x2010 || code === 0x2011) return LINK;
  return code >= 0xa4d0 && code <= 0xabff ? LETTER : GAP;
}

function spacedClassOf(code: number): number {
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba ? LETTER : GAP;
  if (code === 0xd7 || code === 0xf7) return GAP;
  if (code >= 0x0e00 && code <= 0x0eff) return UNSPACED; // Thai, Lao
  if (code >= 0x1000 && code <= 0x109f) return UNSPACED; // Burmese
  if (code >= 0x1100 && code <= 0x11ff) return UNSPACED; // Hangul letters
  if (code >= 0x1780 && code <= 0x17ff) return UNSPACED; // Khmer
  return LETTER;
}

function asciiClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 48; code <= 57; code += 1) classes[code] = DIGIT;
  for (let code = 65; code <= 90; code += 1) classes[code] = classes[code + 32] = LETTER;
  for (const link of '-_./:@#+\\') classes[link.charCodeAt(0)] = LINK;
  classes[0x27] = APOSTROPHE;
  return classes;
}
