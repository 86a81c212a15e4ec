// What a character is to the scan. Letters first: most characters are.
const LOWER = 0;
const UPPER = 1;
const SPACE = 2;
const BREAK = 3;
const PUNCTUATION = 4;
const DIGIT = 5;
/** Latin beyond ASCII, Greek, Cyrillic. */
const FOREIGN_LETTER = 6;
const KANJI = 7;
const HIRAGANA = 8;
const KATAKANA = 9;
const HANGUL = 10;
const WIDE_MARK = 11;
/** Half of a character beyond U+FFFF: an emoji, or a rare kanji. */
const SURROGATE = 12;
const SYMBOL = 13;
/** Arabic, Devanagari, Thai and other alphabets. */
const OTHER = 14;

/*
 * Tokens by kind of character, in a run of its kind and (added) at the run's start. Fitted by least squares to o200k_base on the
 * corpora of bench/estimator.ts, then kanji, hiragana and surrogates moved by hand towards chat. Re-fit them all together, since each
 * makes up for the others' errors.
 */
const WITHIN = [0, 0, 0, 0, 0.27, 0, 0.23, 0.67, 0.56, 0.5, 0.41, 0.82, 0.8, 1.14, 0.38];
const AT_START = [0, 0, 0, 0.15, 0.13, 0, 0.19, 0.98, 0, 0.13, 0.8, 0, 0, 0, 0];
const WORD_AFTER_SPACE = 0.74;
const WORD_AFTER_MARK = 1.05;
const WORD_AFTER_DIGIT = 0.58;
/** `getName`, and the random letters of base64. */
const CASE_CHANGE = 1.87;
const CAPITAL = 0.22;
const FIFTH_LETTER = 0.16;
const NINTH_LETTER = 0.37;
const THREE_DIGITS = 1.46;
const MARK_AFTER_SPACE = 1.03;
const BREAK_AFTER_MARK = 0.38;

/**
 * Estimates tokens in one pass over UTF-16 units, with nothing kept but the kind of the last one and the length of its run: text may
 * come in pieces, cut anywhere, with the same result.
 */
export class TokenScan {
  /** The estimate so far, unrounded. */
  tokens = 0;
  #last = BREAK;
  #run = 0;

  add(text: string): void {
    let last = this.#last;
    let run = this.#run;
    let tokens = this.tokens;
    const length = text.length;
    for (let i = 0; i < length; i += 1) {
      const code = text.charCodeAt(i);
      const kind = isLower(code) ? LOWER : kindOf(code);
      if (kind === LOWER && last <= UPPER) {
        // Most characters end here: the letters of a word within it, taken together.
        const before = run;
        run += 1;
        while (i + 1 < length && isLower(text.charCodeAt(i + 1))) {
          run += 1;
          i += 1;
        }
        if (run > 4) tokens += lettersCost(run) - lettersCost(before);
      } else if (kind === UPPER && last <= UPPER) {
        tokens += last === LOWER ? CASE_CHANGE : CAPITAL;
        run = last === LOWER ? 1 : run + 1;
      } else if (kind === last) {
        run += 1;
        tokens += kind === DIGIT && run % 3 === 1 ? THREE_DIGITS : (WITHIN[kind] ?? 0);
      } else {
        run = 1;
        tokens += startCost(kind, last);
      }
      last = kind;
    }
    this.#last = last;
    this.#run = run;
    this.tokens = tokens;
  }
}

function isLower(code: number): boolean {
  return code > 96 && code < 123;
}

/** What the letters after the first of a word cost, up to the given one: most words of four letters are one token. */
function lettersCost(letters: number): number {
  if (letters <= 4) return 0;
  return letters <= 8 ? (letters - 4) * FIFTH_LETTER : 4 * FIFTH_LETTER + (letters - 8) * NINTH_LETTER;
}

/** What the first character of a run costs. */
function startCost(kind: number, last: number): number {
  if (kind <= UPPER) {
    if (last === SPACE || last === BREAK) return WORD_AFTER_SPACE;
    return last === DIGIT ? WORD_AFTER_DIGIT : WORD_AFTER_MARK;
  }
  if (kind === DIGIT) return THREE_DIGITS;
  if (kind === BREAK && last === PUNCTUATION) return BREAK_AFTER_MARK;
  const extra = kind === PUNCTUATION && last === SPACE ? MARK_AFTER_SPACE : (AT_START[kind] ?? 0);
  return extra + (WITHIN[kind] ?? 0);
}

function kindOf(code: number): number {
  if (code < 0x80) {
    if (code === 0x20 || code === 0x09) return SPACE;
    if (code < 0x20) return BREAK;
    if (code > 64 && code < 91) return UPPER;
    return code > 47 && code < 58 ? DIGIT : PUNCTUATION;
  }
  if (code < 0x3000) return code < 0xc0 || code >= 0x2000 ? SYMBOL : code < 0x530 ? FOREIGN_LETTER : OTHER;
  if (code < 0x3100) return code < 0x3040 ? WIDE_MARK : code < 0x30a0 ? HIRAGANA : KATAKANA;
  if (code < 0xac00) return code >= 0x3400 && code < 0xa000 ? KANJI : OTHER;
  if (code < 0xe000) return code < 0xd7a4 ? HANGUL : code < 0xd800 ? OTHER : SURROGATE;
  return code < 0xff00 ? OTHER : WIDE_MARK;
}
