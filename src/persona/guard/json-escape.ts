const SIMPLE: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** What the escape at a backslash of a JSON text stands for, and its length; `undefined` where only a part of it has come. */
export function jsonEscape(
  text: string,
  at: number,
): { readonly point: number; readonly length: number } | undefined {
  const letter = text[at + 1];
  if (letter === undefined) return undefined;
  if (letter !== 'u') return { point: SIMPLE[letter] ?? letter.codePointAt(0) ?? 0, length: 2 };
  const high = hexAt(text, at + 2);
  if (high === undefined) return text.length < at + 6 ? undefined : { point: 0x5c, length: 1 };
  if (high < 0xd800 || high > 0xdbff) return { point: high, length: 6 };
  const rest = text.slice(at + 6, at + 12);
  if (rest.length < 6 && '\\u'.startsWith(rest.slice(0, 2))) return undefined;
  const low = rest.startsWith('\\u') ? hexAt(text, at + 8) : undefined;
  if (low === undefined || low < 0xdc00 || low > 0xdfff) return { point: high, length: 6 };
  return { point: 0x10000 + ((high - 0xd800) << 10) + low - 0xdc00, length: 12 };
}

function hexAt(text: string, at: number): number | undefined {
  const digits = text.slice(at, at + 4);
  return /^[\da-f]{4}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
