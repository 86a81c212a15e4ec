/** The encodings whose tables are public. */
export type EncodingName = 'o200k_base' | 'cl100k_base';

/*
 * The patterns of tiktoken (openai_public.py), written for JavaScript: `\s` there is Unicode's White_Space, which holds U+0085 and
 * not U+FEFF, unlike JavaScript's; and `(?i:'s)` there matches U+017F too. Possessive quantifiers are left out: they only save
 * backtracking. A text with characters younger than the runtime's Unicode tables may be split otherwise.
 */
const space = String.raw`\p{White_Space}`;
const upper = String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`;
const lower = String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`;
const suffix = "'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";

const alternatives: Readonly<Record<EncodingName, readonly string[]>> = {
  o200k_base: [
    String.raw`[^\r\n\p{L}\p{N}]?[${upper}]*[${lower}]+(?:${suffix})?`,
    String.raw`[^\r\n\p{L}\p{N}]?[${upper}]+[${lower}]*(?:${suffix})?`,
    String.raw`\p{N}{1,3}`,
    String.raw` ?[^${space}\p{L}\p{N}]+[\r\n/]*`,
    String.raw`${space}*[\r\n]+`,
    String.raw`${space}+(?!\P{White_Space})`,
    `${space}+`,
  ],
  cl100k_base: [
    suffix,
    String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`,
    String.raw`\p{N}{1,3}`,
    String.raw` ?[^${space}\p{L}\p{N}]+[\r\n]*`,
    `${space}+$`,
    String.raw`${space}*[\r\n]`,
    String.raw`${space}+(?!\P{White_Space})`,
    space,
  ],
};

/** What splits a text into the pieces that byte pair encoding works on: a sticky expression, a new one at every call. */
export function encodingPattern(name: EncodingName): RegExp {
  return new RegExp(alternatives[name].join('|'), 'uy');
}
