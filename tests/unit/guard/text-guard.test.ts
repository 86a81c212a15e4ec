import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { forbidEntryFault } from '../../../src/persona/forbid-entry.ts';
import { Guard } from '../../../src/persona/guard/guard.ts';
import { TextGuard } from '../../../src/persona/guard/text-guard.ts';
import { masked, merged, naivePlaces, releasable, settled, type Place } from './naive-guard.ts';

const MASK = '███';

function guardOf(entries: readonly string[], holdLimit = 256): Guard {
  return new Guard(entries, { mask: MASK, holdLimit });
}

/** What goes out piece by piece, the end last. */
function stream(guard: Guard, pieces: readonly string[], options: { isJson?: boolean } = {}) {
  const reader = new TextGuard(guard, { mode: 'mask', ...options });
  const outs = pieces.map((piece) => reader.push(piece));
  outs.push(reader.end());
  return { outs, text: outs.join(''), findings: reader.takeFindings(), reader };
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [...places, text.length].map((end, index) => text.slice(index === 0 ? 0 : places[index - 1], end));
}

/** Few letters, in many forms, so that terms are found. */
const letters = fc.constantFrom(
  ...'a b A Ｂ ａ á \u{1d41b} か が カ ｶ ﾞ \u3099 ゛ は ば ぱ ﾊ ゜ \u200b \u0301 \u00ad \ufe0f 😀 社'.split(
    ' ',
  ),
  ' ',
);
const texts = fc.array(letters, { maxLength: 14 }).map((parts) => parts.join(''));
const terms = fc.array(
  fc
    .array(fc.constantFrom('a', 'b', 'B', 'か', 'ガ', 'ﾊ', 'ぱ', '😀', '社', '\u200ba'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join('')),
  { minLength: 1, maxLength: 5 },
);
const cuts = fc.array(fc.nat(), { maxLength: 8 });

describe('a guarded text', () => {
  it('is what the naive reference says, for random terms, texts and cuts, and holds no term', () => {
    fc.assert(
      fc.property(terms, texts, cuts, (terms, text, cuts) => {
        const places = naivePlaces(text, terms);
        const { text: out, findings } = stream(guardOf(terms), cutAt(text, cuts));
        expect(out).toBe(masked(text, places, MASK));
        expect(naivePlaces(out, terms)).toEqual([]);
        expect(findings.map(({ start, end }) => [start, end])).toEqual(merged(places));
      }),
      { numRuns: 400 },
    );
  });

  it('holds back no more than may still become a term', () => {
    fc.assert(
      fc.property(terms, texts, (terms, text) => {
        const reader = new TextGuard(guardOf(terms), { mode: 'mask' });
        let out = '';
        let read = '';
        for (const char of text) {
          out += reader.push(char);
          read += char;
          const { places, safe } = settled(read, terms);
          expect(out).toBe(releasable(read, places, MASK, safe));
        }
      }),
      { numRuns: 200 },
    );
  });

  const atoms = fc.constantFrom(
    'a',
    'b',
    'c',
    '[ab]',
    '[^a]',
    '.',
    '\\w',
    '\\s',
    'ab',
    '(?:a|bc)',
    '(?:a*b)',
  );
  const quantified = fc
    .tuple(atoms, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '+?'))
    .map((parts) => parts.join(''));
  const regexes = fc
    .tuple(
      fc.constantFrom('', '', '\\b', '^', '\\B'),
      fc.array(
        fc.array(quantified, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 2 },
      ),
      fc.constantFrom('', '', '\\b', '$'),
    )
    .map(([start, options, end]) => `${start}(?:${options.join('|')})${end}`)
    .filter((source) => forbidEntryFault(`/${source}/`) === undefined);

  it('masks what any regular expression matches anywhere, as the engine itself has it for every substring', () => {
    fc.assert(
      fc.property(
        fc.array(regexes, { minLength: 1, maxLength: 2 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '\n'), maxLength: 9 }),
        cuts,
        (sources, text, cuts) => {
          const places: Place[] = [];
          for (const source of sources) {
            for (let start = 0; start < text.length; start++) {
              for (let end = start + 1; end <= text.length; end++) {
                const exact = new RegExp(
                  `(?<=^[^]{${start}})(?:${source})(?=[^]{${text.length - end}}$)`,
                  'u',
                );
                // The match may begin at `start` with any length: only one that ends at `end` counts.
                if (exact.test(text)) places.push([start, end]);
              }
            }
          }
          const { text: out } = stream(guardOf(sources.map((source) => `/${source}/`)), cutAt(text, cuts));
          expect(out).toBe(masked(text, places, MASK));
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ['case, width, marks, zero-width', ['bad'], 'a B\u200bＡ\u0301d! ｂáⓓ', 'a ███! ███'],
    ['kana of any kind', ['ばか'], 'バカ ﾊﾞｶ は\u3099か は゛ｶ ばｶ', '███ ███ ███ ███ ███'],
    ['letters that differ by a mark only', ['はか'], 'ばか はが はか', 'ばか はが ███'],
    ['one character that stands for several', ['会社', 'fi'], '㍿です ﬁn ㌔', '███です ███n ㌔'],
    ['ß and ς', ['STRASSE', 'οδος'], 'Straße ΟΔΟΣ', '███ ███'],
    ['Hangul, put together or not', ['가나'], '가나 \u1100\u1161\u1102\u1161 각나', '███ ███ 각나'],
    [
      'prefixes, suffixes and infixes of each other',
      ['abcd', 'bc', 'cde', 'a'],
      'abcde bcd abx',
      '███ ███d ███bx',
    ],
    ['a term in a term that does not come', ['b', 'abc'], 'abx abc', 'a███x ███'],
    ['neighbours', ['ab'], 'ababa', '██████a'],
    ['a term of one letter that a mark may follow', ['か'], 'かが\u304b\u3099か', '███がか\u3099███'],
  ])('knows %s', (_, terms, text, expected) => {
    for (const size of [1, 2, 3, text.length]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.slice(at * size, (at + 1) * size),
      );
      expect(stream(guardOf(terms), pieces).text).toBe(expected);
    }
  });

  it('waits for the other half of a surrogate pair', () => {
    const { outs } = stream(guardOf(['😀x']), ['a\ud83d', '\ude00', 'y\ud83d', '\ude00x']);
    expect(outs).toEqual(['a', '', '😀y', MASK, '']);
  });

  it('gives back the same piece where nothing may begin', () => {
    const reader = new TextGuard(guardOf(['zebra', 'シマウマ']), { mode: 'mask' });
    expect(reader.push('an ordinary piece, 普通の文です')).toBe('an ordinary piece, 普通の文です');
    expect(reader.steps).toBe(0);
  });

  it('remembers a text that broke off, so that a term does not come about where it goes on', () => {
    const reader = new TextGuard(guardOf(['bad', 'ばか']), { mode: 'mask' });
    expect([
      reader.push('so ba'),
      reader.cut(),
      reader.push('d, ば'),
      reader.cut(),
      reader.push('かです'),
      reader.end(),
    ]).toEqual(['so ', 'ba', `${MASK}, `, 'ば', `${MASK}です`, '']);
  });

  it('reads the escapes of JSON', () => {
    const json = '{"a":"b\\u0061d","b":"\\u3070\\u304b","c":"b\\nad","d":"\\ud83d\\ude00","e":"c:\\\\bad"}';
    const guard = guardOf(['bad', 'ばか', '😀']);
    for (const pieces of [[json], Array.from(json)]) {
      const { text } = stream(guard, pieces, { isJson: true });
      expect(JSON.parse(text)).toEqual({ a: MASK, b: MASK, c: 'b\nad', d: MASK, e: `c:\\${MASK}` });
    }
  });
});

describe('the hold limit', () => {
  it('takes for a match what is as long and may still become one, as long as it may', () => {
    const guard = guardOf(['/<a+>/'], 16);
    expect(stream(guard, ['x<', ...Array.from('a'.repeat(14)), 'x']).text).toBe(`x<${'a'.repeat(14)}x`);
    const { outs, findings } = stream(guard, ['x<', ...Array.from('a'.repeat(40)), 'b<a']);
    expect(outs.join('')).toBe('x███b<a');
    expect(findings).toEqual([{ start: 1, end: 42, entries: [-1] }]);
    // It went out as soon as the limit was reached.
    expect(outs.slice(0, 17).join('')).toBe('x███');
  });

  it('bounds what zero-width characters can make a guard hold', () => {
    const guard = guardOf(['bad'], 16);
    const spaces = '\u200b'.repeat(5000);
    const { outs, text } = stream(guard, [
      'b',
      ...Array.from({ length: 50 }, () => spaces.slice(0, 100)),
      'ad.',
    ]);
    expect(text).not.toContain('b');
    expect(outs.slice(0, 3).join('')).toContain(MASK);
  });

  it.each([
    ['English', ['bad'], 'x bad', ' bo'.repeat(20)],
    ['Japanese', ['class:email', 'ばか'], 'こればか', 'ばら'.repeat(20)],
  ])('is not reached by what follows a halt (%s)', (_, entries, text, rest) => {
    const reader = new TextGuard(guardOf(entries, 16), { mode: 'halt' });
    expect(reader.push(text + rest)).toBe(text.slice(0, 2));
    expect(reader.halt?.entries).not.toContain(-1);
    expect(reader.goOnMasking() + reader.end()).toBe(`${MASK}${rest}`);
  });
});

describe('classes', () => {
  it.each([
    [
      'email',
      'write to Taro.Yamada+x@example.co.jp, or ｔａｒｏ＠example．comまで; @name, a@b',
      'write to ███, or ███まで; @name, a@b',
    ],
    [
      'url',
      'see HTTPS://example.com/a?b=c#d or www.example.jp。ｈｔｔｐ：／／x.y、http, https://',
      'see ███ or ███。███、http, https://',
    ],
    [
      'phone',
      '03-1234-5678、（０９０）１２３４−５６７８、+81 3 1234 5678、(415) 555-2671、0120ー123ー456',
      '███、███、███、███、███',
    ],
    [
      'phone',
      '2026-11-28, 12,345,678, 0.123456, 注文12345678901234番, 03:15',
      '2026-11-28, 12,345,678, 0.123456, 注文12345678901234番, 03:15',
    ],
    ['emoji', '👍🏽 👩‍👩‍👧 🇯🇵 1️⃣ ❤️ ™️ ☀', '███ ███ ███ ███ ███ ███ ███'],
    ['emoji', '★♪※→ ™ © 1 # 株式会社㈱ (a)', '★♪※→ ™ © 1 # 株式会社㈱ (a)'],
  ])('%s: %s', (name, text, expected) => {
    for (const pieces of [[text], Array.from({ length: text.length }, (_, at) => text.charAt(at))]) {
      expect(stream(guardOf([`class:${name}`]), pieces).text).toBe(expected);
    }
  });
});

describe('cost', () => {
  it('is linear in the text for expressions that make other engines run for ever', () => {
    const sources = [
      '/(a+)+$/',
      '/(a|a)*b/',
      '/(.*a){10}c/',
      '/(\\w+\\s?)+!/',
      '/^(([a-z])+.)+[A-Z]([a-z])+$/',
    ];
    const stepsFor = (length: number): number => {
      const { reader } = stream(guardOf(sources, 64), ['a'.repeat(length)]);
      return reader.steps / length;
    };
    const [short, long] = [stepsFor(1000), stepsFor(20_000)];
    expect(long).toBeLessThan(short * 1.05);
  });

  it('is linear for a hundred thousand terms that all begin alike', () => {
    const terms = Array.from({ length: 100_000 }, (_, index) => `禁止${index.toString(36)}aab`);
    const guard = guardOf(terms);
    const text = '禁止1禁禁止zzaa禁止1aab '.repeat(2000);
    const before = guard.search.steps;
    const { text: out } = stream(guard, cutAt(text, [7, 100, 9999]));
    expect(guard.search.steps - before).toBeLessThan(text.length * 2.1);
    expect(out).toBe(`禁止1禁禁止zzaa${MASK} `.repeat(2000));
  });
});

describe("entries that can't be guarded", () => {
  it.each([
    ['/(?=a)b/', /around|look/],
    ['/(a)\\1/', /back/],
    ['/(?<n>a)/', /name/],
    ['/a{500}{500}/', /large|no regular/],
    ['/a*/', /empty/],
    ['/[/', /no regular expression/],
    ['class:animal', /Unknown class/],
    ['\u200b\u0301', /zero-width/],
    ['/(?i:a)/', /around|one pass|named/],
  ])('%s is an error that says why', (entry, message) => {
    expect(() => guardOf([entry])).toThrow(
      expect.objectContaining({
        code: 'invalid-persona',
        message: expect.stringMatching(message) as string,
      }) as Error,
    );
  });

  it('refuses a mask that could bring a term about', () => {
    for (const mask of ['*', 'x*', '\u200b']) {
      expect(() => new Guard(['a*b', '**'], { mask, holdLimit: 256 })).toThrow(/mask/);
    }
    expect(() => new Guard(['a*b'], { mask: '[…]', holdLimit: 256 })).not.toThrow();
  });
});
