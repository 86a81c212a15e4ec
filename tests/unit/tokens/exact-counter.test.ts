import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { countTokens as libraryCount } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeAll, describe, expect, it } from 'vitest';

import { END_OF_TEXT, pieceEnds } from '../../../src/tokens/ascii-pieces.ts';
import { encodingPattern, type EncodingName } from '../../../src/tokens/encoding-pattern.ts';
import { loadEncoding } from '../../../src/tokens/load-counter.ts';
import type { TokenCounter } from '../../../src/tokens/token-counter.ts';

interface Row {
  readonly text: string;
  readonly tokens: Readonly<Record<EncodingName, number>>;
}

// Written by tiktoken 1.0.22 (the reference, in Rust), with no special tokens allowed and lone surrogates replaced.
const rows = JSON.parse(readFileSync(new URL('tiktoken-counts.json', import.meta.url), 'utf8')) as Row[];
const names: readonly EncodingName[] = ['o200k_base', 'cl100k_base'];

describe.each(names)('%s', (name) => {
  it('agrees with tiktoken on ordinary, unusual and hostile texts', async () => {
    const counter = await loadEncoding(name);
    const counted = rows.map(({ text }) => ({ text, tokens: counter.count(text) }));
    expect(counted).toEqual(rows.map(({ text, tokens }) => ({ text, tokens: tokens[name] })));
  });
});

describe('o200k_base', () => {
  let counter: TokenCounter;
  beforeAll(async () => {
    counter = await loadEncoding('o200k_base');
  });

  it('agrees with gpt-tokenizer wherever that one agrees with tiktoken', () => {
    // It strips U+FEFF from keys, and splits at JavaScript's white space.
    const text = fc
      .string({ unit: 'binary', maxLength: 60 })
      .filter((value) => !/[\uFEFF\u0085ſ]/u.test(value));
    const words = fc
      .array(fc.constantFrom('Hello', ' the', '東京', 'です', '123', '\n\n', "'ll", '{"a":', '  ', '👍'))
      .map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(text, words), (value) => {
        expect(counter.count(value)).toBe(libraryCount(value, { disallowedSpecial: new Set() }));
      }),
      { numRuns: 1000 },
    );
  });

  it('never counts more than its upper bound, which is never more than the bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 200 }),
        (text) => {
          const bound = counter.upperBound?.(text) ?? -1;
          expect(bound).toBeGreaterThanOrEqual(counter.count(text));
          expect(bound).toBe(new TextEncoder().encode(text).length);
        },
      ),
    );
  });

  it('counts the same however a long text of ordinary pieces falls into windows', () => {
    const sentence =
      "Every answer is counted, “こんにちは、世界。” don't stop at 12,345 …\r\n\r\n\tnext();   ";
    const whole = counter.count(sentence.repeat(50));
    const longer = counter.count(sentence.repeat(5000));
    // The last blanks of a sentence and the first letter of the next are one piece, so that the sum is linear but for the end.
    const perSentence = (whole - counter.count(sentence.repeat(10))) / 40;
    expect(longer).toBe(whole + perSentence * 4950);
  });

  it.each([
    ['one letter', 'a', 8],
    ['capitals', 'A', 8],
    ['blanks', ' ', 128],
    ['ideographs', '日', 2],
    ['emoji', '😀', 1],
  ])(
    'counts half a million of %s without hanging, a little too high rather than too low',
    (_, unit, perToken) => {
      const units = 500_000;
      const truth = units / perToken;
      const counted = counter.count(unit.repeat(units));
      expect(counted).toBeGreaterThanOrEqual(Math.floor(truth));
      expect(counted).toBeLessThan(truth * 1.05);
    },
  );

  it('counts an unbroken run of any length, in pieces', () => {
    let state = 1;
    const letters = Array.from({ length: 400_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return String.fromCharCode(97 + ((state >>> 16) % 26));
    }).join('');
    const parts = Array.from({ length: 20 }, (_, part) =>
      counter.count(letters.slice(part * 20_000, (part + 1) * 20_000)),
    );
    const sum = parts.reduce((total, tokens) => total + tokens, 0);
    expect(counter.count(letters)).toBeGreaterThanOrEqual(sum - 100);
    expect(counter.count(letters)).toBeLessThanOrEqual(sum + 100);
  });
});

describe.each(names)('the pieces of %s', (name) => {
  const pieceEnd = pieceEnds[name];
  const byPattern = (text: string): string[] => {
    const pattern = encodingPattern(name);
    const pieces: string[] = [];
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) pieces.push(match[0]);
    return pieces;
  };
  const byBytes = (text: string): string[] => {
    const bytes = Uint8Array.of(...Buffer.from(text, 'ascii'), END_OF_TEXT);
    const pieces: string[] = [];
    for (let start = 0; start < text.length;) {
      const end = pieceEnd(bytes, start);
      pieces.push(text.slice(start, end));
      start = end;
    }
    return pieces;
  };

  it('are the same of a text of ASCII by the pattern and by its bytes', () => {
    const telling = fc.constantFrom(...Array.from(" \t\n\r\v\f\u001cabSTrevmlLdD019'/.,_(\0\u007f"));
    const characters = fc.oneof(telling, fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        expect(byBytes(text)).toEqual(byPattern(text));
      }),
      { numRuns: 3000 },
    );
  });
});
