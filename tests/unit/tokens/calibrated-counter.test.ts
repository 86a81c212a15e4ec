import * as fc from 'fast-check';
import { countTokens as countP50k } from 'gpt-tokenizer/encoding/p50k_base';
import { countTokens as countR50k } from 'gpt-tokenizer/encoding/r50k_base';
import { describe, expect, it } from 'vitest';

import { isKatamariError } from '../../../src/errors.ts';
import { CalibratedCounter, calibrated, estimateTokens, loadEncoding } from '../../../src/tokens/index.ts';
import { sampleTexts } from './sample-texts.ts';

const estimate = { name: 'estimate', exact: false, count: estimateTokens };

/** Tokenizers of other vendors, played by encodings that are public. */
const others: Readonly<Record<string, () => Promise<(text: string) => number>>> = {
  cl100k_base: async () => {
    const counter = await loadEncoding('cl100k_base');
    return (text) => counter.count(text);
  },
  p50k_base: () => Promise.resolve((text) => countP50k(text)),
  r50k_base: () => Promise.resolve((text) => countR50k(text)),
};
const cases = Object.keys(others).flatMap((encoding) =>
  Object.keys(sampleTexts(7)).map((kind) => [encoding, kind] as const),
);

describe('CalibratedCounter', () => {
  it.each(cases)(
    'is within 5 percent of a provider that counts with %s after three turns of %s',
    async (encoding, kind) => {
      const bill = await others[encoding]?.();
      if (bill === undefined) throw new Error('no such encoding');
      const counter = calibrated(estimate, 'foreign');
      const texts = sampleTexts(7)[kind] ?? [];
      for (const text of texts.slice(0, 3)) counter.learn(estimate.count(text), bill(text));
      for (const text of texts.slice(3)) {
        const error = Math.abs(counter.count(text) / bill(text) - 1);
        expect(error).toBeLessThan(0.05);
        expect(error).toBeLessThan(counter.errorBound);
      }
    },
  );

  it('follows a change of language, and says meanwhile that it may be wrong', async () => {
    const bill = countR50k;
    const counter = calibrated(estimate, 'foreign');
    const { English = [], Japanese = [] } = sampleTexts(3);
    const learn = (text: string): void => {
      counter.learn(estimate.count(text), bill(text));
    };
    English.forEach(learn);
    const sure = counter.errorBound;
    Japanese.slice(0, 1).forEach(learn);
    expect(counter.errorBound).toBeGreaterThan(3 * sure);
    Japanese.slice(1).forEach(learn);
    const error = counter.count(Japanese[0] ?? '') / bill(Japanese[0] ?? '') - 1;
    expect(Math.abs(error)).toBeLessThan(0.1);
  });

  it('goes on from its state as JSON', () => {
    const counter = calibrated(estimate, 'm');
    counter.learn(100, 130);
    counter.learn(200, 250);
    const state: unknown = JSON.parse(JSON.stringify(counter));
    const revived = CalibratedCounter.fromJSON(estimate, state as ReturnType<CalibratedCounter['toJSON']>);
    counter.learn(300, 400);
    revived.learn(300, 400);
    expect(revived.toJSON()).toEqual(counter.toJSON());
  });

  it('refuses the state of another model, or impossible numbers', () => {
    const good = calibrated(estimate, 'm').toJSON();
    for (const state of [
      { ...good, model: 'n' },
      { ...good, factor: Number.NaN },
      { ...good, factor: 0 },
      { ...good, error: -1 },
      { ...good, samples: 0.5 },
    ]) {
      let error: unknown;
      try {
        error = new CalibratedCounter(estimate, 'm', state);
      } catch (thrown) {
        error = thrown;
      }
      expect(isKatamariError(error) && error.code).toBe('invalid-input');
    }
  });

  it('stays sane whatever it is told', () => {
    const number = fc.oneof(fc.double(), fc.nat(100_000));
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number)), (pairs) => {
        const counter = calibrated(estimate, 'm');
        for (const [estimated, actual] of pairs) counter.learn(estimated, actual);
        expect(counter.factor).toBeGreaterThanOrEqual(1 / 8.001);
        expect(counter.factor).toBeLessThanOrEqual(8.001);
        expect(counter.errorBound).toBeGreaterThan(0);
        expect(counter.upperBound('some text, 日本語')).toBeGreaterThanOrEqual(
          counter.count('some text, 日本語'),
        );
      }),
    );
  });
});
