import { KatamariError } from '../../errors.ts';
import type { Provider } from '../../provider.ts';

/** How the strategy `summary` makes its summaries. */
export interface SummaryOptions {
  /** Who writes them. One that is no language model is not asked: then sentences are extracted. @defaultValue the chain's provider */
  readonly provider?: Provider;
  /** The model that writes them. @defaultValue the provider's; that of the request where the chain's provider writes */
  readonly model?: string;
  /** How long a summary may be, in tokens. @defaultValue an eighth of `targetTokens`, 1024 at most, 64 at least */
  readonly maxTokens?: number;
  /** How long a call may wait for its summary, in milliseconds. @defaultValue 15000 */
  readonly deadlineMs?: number;
  /** The least share of numbers, dates, names, identifiers, addresses and paths that a summary must keep, 0 to 1. @defaultValue 0.1 */
  readonly minRetention?: number;
  /** After so many failures in a row nobody is asked for `pauseMs`. @defaultValue 3 */
  readonly maxFailures?: number;
  /** In milliseconds. @defaultValue 300000 */
  readonly pauseMs?: number;
  /** What stands in for a summary that failed: `extract`ed sentences, or `none`: the summary stays as it was. @defaultValue `'extract'` */
  readonly fallback?: 'extract' | 'none';
}

/** The options with every default filled in. */
export type SummaryPlan = Required<Omit<SummaryOptions, 'provider' | 'model'>> &
  Pick<SummaryOptions, 'provider' | 'model'>;

/**
 * Fills in the defaults.
 *
 * @throws KatamariError code `invalid-input`, naming the option, when a value will not do
 */
export function planSummary(options: SummaryOptions, targetTokens: number): SummaryPlan {
  const plan: SummaryPlan = {
    maxTokens: Math.max(64, Math.min(1024, Math.floor(targetTokens / 8))),
    deadlineMs: 15_000,
    minRetention: 0.1,
    maxFailures: 3,
    pauseMs: 300_000,
    fallback: 'extract',
    ...options,
  };
  check(plan.maxTokens > 0, 'maxTokens', 'a number of tokens above 0');
  check(plan.deadlineMs > 0, 'deadlineMs', 'a number of milliseconds above 0');
  check(plan.minRetention >= 0 && plan.minRetention <= 1, 'minRetention', 'a share from 0 to 1');
  check(plan.maxFailures >= 1, 'maxFailures', 'a number of failures, 1 or more');
  check(plan.pauseMs >= 0, 'pauseMs', 'a number of milliseconds, 0 or more');
  check(['extract', 'none'].includes(plan.fallback), 'fallback', '"extract" or "none"');
  return plan;
}

function check(holds: boolean, option: string, expected: string): void {
  if (!holds) throw new KatamariError('invalid-input', `trim: summary.${option} must be ${expected}.`);
}
