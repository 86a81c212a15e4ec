import { KatamariError } from '../errors.ts';
import type { RetryBudget } from '../provider.ts';

/** Options of {@link retryBudget}. */
export interface RetryBudgetOptions {
  /** Retries per call in the long run. @defaultValue 0.2 */
  readonly ratio?: number;
  /** Retries that may be saved up, and that there are at first. @defaultValue 10 */
  readonly capacity?: number;
}

/**
 * A budget of retries for many calls together: every call pays in `ratio`, every retry costs 1. While a provider is down, calls soon fail at
 * once in place of tripling its load. Make one per provider, and share it.
 *
 * @throws KatamariError code `invalid-input` for a ratio below 0 or a capacity below 1
 * @example chain.use(retry({ budget: retryBudget() }))
 */
export function retryBudget({ ratio = 0.2, capacity = 10 }: RetryBudgetOptions = {}): RetryBudget {
  if (!(ratio >= 0) || !(capacity >= 1)) {
    throw new KatamariError(
      'invalid-input',
      'retryBudget() takes a ratio of at least 0 and a capacity of at least 1.',
    );
  }
  let balance = capacity;
  return {
    deposit() {
      balance = Math.min(capacity, balance + ratio);
    },
    withdraw() {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
