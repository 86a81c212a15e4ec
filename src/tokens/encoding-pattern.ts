/** The encodings whose tables are public. */
export type EncodingName = 'o200k_base' | 'cl100k_base';

/** The classes of characters that the patterns are made of, as they stand in a class. */
interface Classes {
  readonly space: string;
  readonly upper: string;
  readonly lower: string;
  readonly letter: string;
  readonly number: string;
  /** Letters of contractions, besides `s`. */
  readonly longS: string;
}

const unicode: Classes = {
  space: String.raw`\p{White_Space}`,
  upper: String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`,
  lower: String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`,
  letter: String.raw`\p{L}`,
  number: String.raw`\p{N}`,
  longS: 'ſ',
};

/** What is left of them below U+0080. */
const ascii: Classes = {
  space: String.raw`\t-\r `,
  upper: 'A-Z',
  lower: 'a-z',
  letter: 'A-Za-z',
  number: '0-9',
  longS: '',
};

/*
 * The patterns of tiktoken (openai_public.py), written for JavaScript: `\s` there is Unicode's White_Space, which holds U+0085 and
 * not U+FEFF, unlike JavaScript's; and `(?i:'s)` there matches U+017F too. Possessive quantifiers are left out: they only save
 * backtracking. A text with characters younger than the runtime's Unicode tables may be split otherwise.
 */
function suffixOf({ longS }: Classes): string {
  return `'(?:[sS${longS}]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])`;
}

function o200k(classes: Classes): string[] {
  const { space, upper, lower, letter, number } = classes;
  const lead = String.raw`[^\r\n${letter}${number}]?`;
  const suffix = suffixOf(classes);
  return [
    `${lead}[${upper}]*[${lower}]+(?:${suffix})?`,
    `${lead}[${upper}]+[${lower}]*(?:${suffix})?`,
    `[${number}]{1,3}`,
    String.raw` ?[^${space}${letter}${number}]+[\r\n/]*`,
    String.raw`[${space}]*[\r\n]+`,
    `[${space}]+(?![^${space}])`,
    `[${space}]+`,
  ];
}

function cl100k(classes: Classes): string[] {
  const { space, letter, number } = classes;
  return [
    suffixOf(classes),
    String.raw`[^\r\n${letter}${number}]?[${letter}]+`,
    `[${number}]{1,3}`,
    String.raw` ?[^${space}${letter}${number}]+[\r\n]*`,
    `[${space}]+$`,
    String.raw`[${space}]*[\r\n]`,
    `[${space}]+(?![^${space}])`,
    `[${space}]`,
  ];
}

/** What splits a text into the pieces that byte pair encoding works on. */
export interface EncodingPattern {
  /** For any text. */
  readonly any: RegExp;
  /** Splits a text below U+0080 alike, faster; and a runtime makes it ready in a tenth of the time. */
  readonly ascii: RegExp;
}

/** Sticky expressions, new ones at every call. */
export function encodingPattern(name: EncodingName): EncodingPattern {
  const alternatives = name === 'o200k_base' ? o200k : cl100k;
  return {
    any: new RegExp(alternatives(unicode).join('|'), 'uy'),
    ascii: new RegExp(alternatives(ascii).join('|'), 'y'),
  };
}
