import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { estimateTokens, loadEncoding, OutputEstimate } from '../../../src/tokens/index.ts';
import type { TokenCounter } from '../../../src/tokens/index.ts';
import { sampleTexts } from './sample-texts.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        'Hello',
        'getHTTPName',
        ' ',
        '東京',
        'です。',
        'カタカナ',
        '123',
        '45',
        '\n',
        '  ',
        '{"a":',
        '😀',
        '한국어',
      ),
    )
    .map((list) => list.join('')),
);

describe('estimateTokens', () => {
  let exact: TokenCounter;
  beforeAll(async () => {
    exact = await loadEncoding('o200k_base');
  });

  it.each(Object.keys(sampleTexts(1)))('is within 15 percent of o200k_base on %s', (kind) => {
    const text = (sampleTexts(1)[kind] ?? []).join('\n');
    const error = estimateTokens(text) / exact.count(text) - 1;
    expect(Math.abs(error)).toBeLessThan(0.15);
  });

  it('is 0 for the empty text, whole otherwise, and never less for a longer text', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a')).toBe(1);
    fc.assert(
      fc.property(anyText, anyText, (text, more) => {
        expect(Number.isSafeInteger(estimateTokens(text))).toBe(true);
        expect(estimateTokens(text + more)).toBeGreaterThanOrEqual(estimateTokens(text));
      }),
    );
  });
});

describe('OutputEstimate', () => {
  it('says the same as the estimate of the whole, wherever the text is cut', () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(200)), (text, cuts) => {
        const output = new OutputEstimate();
        const edges = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
        for (let i = 1; i < edges.length; i += 1) output.add(text.slice(edges[i - 1], edges[i]));
        // Sums of the same numbers in another order of rounding may differ in the last bit.
        expect(Math.abs(output.tokens - estimateTokens(text))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('counts no tokens before any text', () => {
    const output = new OutputEstimate();
    output.add('');
    expect(output.tokens).toBe(0);
  });
});
