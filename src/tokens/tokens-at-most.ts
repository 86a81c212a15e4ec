/**
 * An upper bound of the tokens of a text in any byte-level encoding: every token holds at least one byte of UTF-8, so there are
 * never more tokens than bytes. About four times the count in English, and in Japanese.
 */
export function tokensAtMost(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    // A surrogate pair is four bytes, two for each unit; a lone surrogate becomes U+FFFD, which is three.
    if (code >= 0x80) bytes += code < 0x800 ? 1 : 2;
  }
  return bytes;
}
