/** The encodings whose tables are public. */
export type EncodingName = 'o200k_base' | 'cl100k_base';

/*
 * The patterns of tiktoken (openai_public.py), written for JavaScript: `\s` there is Unicode's White_Space, which holds U+0085 and
 * not U+FEFF, unlike JavaScript's; and `(?i:'s)` there matches U+017F too. Possessive quantifiers are left out: they only save
 * backtracking. A text with characters younger than the runtime's Unicode tables may be split otherwise.
 */
const space = String.raw`\p{White_Space}`;
const noSpace = String.raw`\P{White_Space}`;
const suffix = String.raw`'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])`;
const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const lead = String.raw`[^\r\n\p{L}\p{N}]?`;

const o200k = [
  `${lead}${upper}*${lower}+(?:${suffix})?`,
  `${lead}${upper}+${lower}*(?:${suffix})?`,
  String.raw`\p{N}{1,3}`,
  String.raw` ?[^${space}\p{L}\p{N}]+[\r\n/]*`,
  String.raw`${space}*[\r\n]+`,
  `${space}+(?!${noSpace})`,
  `${space}+`,
];

const cl100k = [
  suffix,
  String.raw`${lead}\p{L}+`,
  String.raw`\p{N}{1,3}`,
  String.raw` ?[^${space}\p{L}\p{N}]+[\r\n]*`,
  `${space}+$`,
  String.raw`${space}*[\r\n]`,
  `${space}+(?!${noSpace})`,
  space,
];

/** What splits a text into the pieces that byte pair encoding works on. A new, sticky expression at every call. */
export function encodingPattern(name: EncodingName): RegExp {
  return new RegExp((name === 'o200k_base' ? o200k : cl100k).join('|'), 'uy');
}
