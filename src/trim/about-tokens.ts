/** How many characters are looked at, at most, to tell the script of a text. */
const SAMPLES = 32;

/**
 * About how many tokens a text has, at the cost of a look at 32 of its characters at most: good enough to rank by, to measure distance, and for what is
 * left out. Characters per token differ by script: about 4.4 in English, 1.3 in Japanese (o200k_base).
 */
export function aboutTokens(text: string): number {
  return 1 + text.length * (0.23 + 0.54 * wideShare(text));
}

/** The share of characters of Chinese, Japanese and Korean scripts, 0–1, from a sample. */
function wideShare(text: string): number {
  const stride = Math.max(1, Math.ceil(text.length / SAMPLES));
  let seen = 0;
  let wide = 0;
  for (let at = 0; at < text.length; at += stride, seen += 1) if (text.charCodeAt(at) >= 0x2e80) wide += 1;
  return seen === 0 ? 0 : wide / seen;
}
