import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { BudgetImpossibleError } from '../../../src/errors.ts';
import { RequestCounter } from '../../../src/tokens/request-counter.ts';
import { CorrectedCosts } from '../../../src/trim/corrected-costs.ts';
import { estimate } from '../../../src/trim/costs-of.ts';
import { trimMessages, type TrimMessagesOptions } from '../../../src/trim/trim-messages.ts';
import type { TrimResult } from '../../../src/trim/trim-report.ts';
import { requests } from './histories.ts';

const factors = fc.double({ min: 1 / 8, max: 8, noNaN: true });
const options = fc.record({
  targetTokens: fc.integer({ min: 20, max: 2500 }),
  strategy: fc.constantFrom('recent' as const, 'relevant' as const, 'extract' as const),
  markGaps: fc.boolean(),
});

function attempt(
  request: Parameters<typeof trimMessages>[0],
  chosen: TrimMessagesOptions,
): TrimResult | undefined {
  try {
    return trimMessages(request, chosen);
  } catch (error) {
    if (!(error instanceof BudgetImpossibleError)) throw error;
    expect(Number.isInteger(error.neededTokens)).toBe(true);
    return undefined;
  }
}

it('keeps what a trim promises, whatever the factor, in whole tokens', () => {
  let cut = 0;
  fc.assert(
    fc.property(requests, options, factors, (request, chosen, factor) => {
      const counter = new CorrectedCosts(new RequestCounter(estimate), { factor, error: 0.1 });
      const result = attempt(request, { ...chosen, counter });
      if (result === undefined) return;
      cut += result.changed ? 1 : 0;
      const trimmed = { ...request, messages: result.messages };
      expect(counter.request(trimmed)).toBeLessThanOrEqual(chosen.targetTokens);
      expect(result.report.tokensAfter).toBe(Math.ceil(counter.request(trimmed)));
      expect(result.report.messages.every(({ tokens }) => Number.isInteger(tokens))).toBe(true);
      expect(attempt(trimmed, { ...chosen, counter })?.messages).toBe(result.messages);
    }),
    { numRuns: 300 },
  );
  expect(cut).toBeGreaterThan(20);
});

it('is the estimate itself at a factor of 1, and in proportion at others', () => {
  const plain = new RequestCounter(estimate);
  fc.assert(
    fc.property(requests, factors, (request, factor) => {
      const estimated = plain.request(request);
      expect(new CorrectedCosts(plain, { factor: 1, error: 0 }).request(request)).toBe(estimated);
      const corrected = new CorrectedCosts(plain, { factor, error: 0 }).request(request);
      expect(corrected).toBeGreaterThanOrEqual(estimated * factor - 1e-6);
      expect(corrected).toBeLessThanOrEqual(estimated * factor + (request.messages.length + 1) / 16);
    }),
  );
});
