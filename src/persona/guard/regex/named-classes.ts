import type { ForbidClass } from '../../forbid-entry.ts';

/** A pattern of katamari's own. `isRaw` where it is compared with the text as it stands, zero-width characters included. */
export interface NamedPattern {
  readonly source: string;
  readonly flags: string;
  readonly isRaw?: boolean;
}

/** Width is folded before, so full-width forms are the same: dashes, points, brackets and spaces between digits; ー is what many write for a dash. */
const GAP = '[-.() /\\u2010-\\u2015\\u2212\\u30fc]{0,2}';

const LABELS = '(?:[\\p{L}\\p{N}_-]+\\.)+';

/**
 * The pattern of a class.
 *
 * - emoji: pictures, with skin tones, joiners and flags; keycaps; the symbols of ☀ to ➿ that Unicode counts as emoji (❤ ✔, not ★ ♪); others
 *   with a variation selector behind them (™️, not ™).
 * - url: `http`, `https`, `ftp`, `ws`, `wss` addresses, and what begins with `www.`.
 * - email: an ASCII local part, any domain that ends in an ASCII top level.
 * - phone: 10 or 11 digits from 0 on (Japan: 03-1234-5678, （０９０）１２３４−５６７８), `+` with 8 to 15 digits, 3-3-4 digits (North America).
 */
export function namedPattern(name: ForbidClass): NamedPattern {
  switch (name) {
    case 'emoji':
      return emoji();
    case 'url':
      return { source: '(?:(?:https?|ftp|wss?)://|www\\.)[^\\s<>"\'`\\u3000-\\u303f]+', flags: 'i' };
    case 'email':
      return { source: `[-a-z0-9.!#$%&'*+/=?^_\`\\{|\\}~]+@${LABELS}[a-z]{2,}`, flags: 'i' };
    case 'phone': {
      const american = '\\(?\\b[2-9]\\d{2}\\b\\)?[-. ]{1,2}[2-9]\\d{2}[-. ]\\d{4}\\b';
      return { source: `\\(?\\b0(?:${GAP}\\d){9,10}\\b|\\+(?:${GAP}\\d){8,15}\\b|${american}`, flags: '' };
    }
  }
}

function emoji(): NamedPattern {
  let symbols = '';
  for (let point = 0x2600; point <= 0x27bf; point++) {
    const char = String.fromCodePoint(point);
    if (/^\p{Emoji}$/u.test(char)) symbols += char;
  }
  const picture = `(?:\\p{Emoji}\\ufe0f|(?:\\p{Emoji_Presentation}|[${symbols}\\u{1f000}-\\u{1faff}])\\ufe0f?)`;
  const whole = `${picture}[\\u{1f3fb}-\\u{1f3ff}\\u{e0020}-\\u{e007f}]*`;
  return { source: `${whole}(?:\\u200d${whole})*|\\p{RI}{2}|[0-9#*]\\ufe0f?\\u20e3`, flags: '', isRaw: true };
}
