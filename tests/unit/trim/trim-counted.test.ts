import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { loadEncoding } from '../../../src/tokens/load-counter.ts';
import { countRequest, RequestCounter } from '../../../src/tokens/request-counter.ts';
import type { TokenCounter } from '../../../src/tokens/token-counter.ts';
import { estimate, ESTIMATE_CAUTION } from '../../../src/trim/costs-of.ts';
import { trimMessages, type TrimMessagesOptions } from '../../../src/trim/trim-messages.ts';
import type { TrimResult } from '../../../src/trim/trim-report.ts';
import { requests } from './histories.ts';

const o200k = await loadEncoding('o200k_base');
const options = fc.record({
  targetTokens: fc.integer({ min: 20, max: 2500 }),
  strategy: fc.constantFrom('recent' as const, 'relevant' as const),
  markGaps: fc.boolean(),
});

/** What stays even where the caution is used up. */
const PROTECTED: ReadonlySet<string> = new Set(['system', 'pinned', 'current-turn']);

function attempt(request: ChatRequest, chosen: TrimMessagesOptions): TrimResult | undefined {
  try {
    return trimMessages(request, chosen);
  } catch (error) {
    if (error instanceof BudgetImpossibleError) return undefined;
    throw error;
  }
}

it.each<[string, TokenCounter | undefined]>([
  ['the tokenizer', o200k],
  ['the estimate', undefined],
  ['a counter of the caller', { name: 'words', exact: true, count: (text) => text.split(' ').length }],
])('fits the budget, and the same call gives the same, by %s', (_, counter) => {
  let possible = 0;
  fc.assert(
    fc.property(requests, options, (request, chosen) => {
      const result = attempt(request, { ...chosen, ...(counter && { counter }) });
      if (result === undefined) return;
      possible += 1;
      const total = countRequest({ ...request, messages: result.messages }, counter ?? estimate);
      const must = result.report.messages.every(({ fate, why }) => fate !== 'kept' || PROTECTED.has(why));
      const caution = counter === undefined && !must ? ESTIMATE_CAUTION : 0;
      expect(total * (1 + caution)).toBeLessThanOrEqual(chosen.targetTokens);
      expect(result.report.tokensAfter).toBe(total);
      expect(result.report.estimated).toBe(counter === undefined);
      const again = attempt(
        { ...request, messages: result.messages },
        { ...chosen, ...(counter && { counter }) },
      );
      expect(again?.messages).toBe(result.messages);
    }),
    { numRuns: 150 },
  );
  expect(possible).toBeGreaterThan(40);
});

it('does not depend on what a shared counter has counted before', () => {
  fc.assert(
    fc.property(requests, options, (request, chosen) => {
      const shared = new RequestCounter(o200k);
      shared.request(request);
      const [warm, cold] = [
        attempt(request, { ...chosen, counter: shared }),
        attempt(request, { ...chosen, counter: o200k }),
      ];
      expect(warm?.messages).toEqual(cold?.messages);
      expect(warm?.report.tokensBefore).toBe(cold?.report.tokensBefore);
    }),
    { numRuns: 100 },
  );
});
