import * as fc from 'fast-check';
import { expect } from 'vitest';

import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { trimMessages, type TrimMessagesOptions } from '../../../src/trim/trim-messages.ts';
import type { CustomStrategy } from '../../../src/trim/trim-options.ts';
import type { TrimResult } from '../../../src/trim/trim-report.ts';
import { countingCosts, deepFreeze, requests, roles } from './histories.ts';

/** Every strategy that needs nobody else. */
export const strategies = ['recent', 'relevant', 'extract'] as const;
/** Options besides the counter. */
export type Options = Omit<TrimMessagesOptions, 'counter'>;

/** A strategy of the caller's own, and not a sensible one: places that do not exist, some twice. */
const oddFirst: CustomStrategy = ({ messages }) => [1, 3, 1, 999, -1, ...messages.keys(), 5];

/** Options of every kind. */
export const options = fc.record({
  targetTokens: fc.integer({ min: 1, max: 900 }),
  strategy: fc.constantFrom<NonNullable<Options['strategy']>>(...strategies, oddFirst),
  minTurns: fc.integer({ min: 0, max: 4 }),
  priorityRoles: roles,
});

/** The result, or the error when the budget is impossible; any other error fails the test. */
export function attempt(request: ChatRequest, chosen: Options): TrimResult | BudgetImpossibleError {
  try {
    return trimMessages(request, { ...chosen, counter: countingCosts() });
  } catch (error) {
    if (error instanceof BudgetImpossibleError) return error;
    throw error;
  }
}

/** Places of the messages that stay as they are. */
export function wholeIndices({ report }: TrimResult): number[] {
  return report.messages.filter(({ fate }) => fate === 'kept').map(({ index }) => index);
}

/** Places of the messages of which something stays. */
export function keptIndices({ report }: TrimResult): number[] {
  return report.messages.filter(({ fate }) => fate !== 'dropped').map(({ index }) => index);
}

/** Checks one property on every request and budget that is possible. */
export function always(check: (request: ChatRequest, result: TrimResult, chosen: Options) => void): void {
  let possible = 0;
  fc.assert(
    fc.property(requests, options, (request, chosen) => {
      const result = attempt(deepFreeze(request), chosen);
      if (result instanceof BudgetImpossibleError) return;
      possible += 1;
      check(request, result, chosen);
    }),
    { numRuns: 400 },
  );
  expect(possible).toBeGreaterThan(100);
}
