import type { TrimMetrics } from '../event.ts';
import type { RunContext } from '../provider.ts';
import type { TrimResult } from './trim-report.ts';

/** Figures that the trim itself does not know. */
export type TrimFigures = { readonly startedAt: number } & Partial<
  Pick<
    TrimMetrics,
    'semantic_retention' | 'retention_method' | 'cache_prefix_tokens' | 'cost_delta_usd' | 'count_error'
  >
>;

/** Tells the run's consumer of something that went wrong, without which the run goes on. */
export function warn({ req_id, emit }: RunContext, code: string, message: string): void {
  emit({ type: 'issue', req_id, source: 'trim', code, severity: 'warning', message });
}

/** Tells the run's consumer what a trim did. */
export function tellTrim(
  { report, changed }: TrimResult,
  { req_id, clock, emit }: RunContext,
  figures: TrimFigures,
): void {
  const { strategy, targetTokens, tokensBefore, tokensAfter, estimated, facts, messages, issues } = report;
  const { startedAt, ...measured } = figures;
  const byKind = facts === null ? {} : { facts: facts.kinds };
  emit({ type: 'history-trim', req_id, strategy, targetTokens, messages, ...byKind });
  for (const issue of issues) emit({ type: 'issue', req_id, source: 'trim', ...issue });
  emit({
    type: 'metrics',
    req_id,
    scope: 'trim',
    token_in: tokensBefore,
    token_out: tokensAfter,
    compress_ratio: tokensBefore === 0 ? 1 : tokensAfter / tokensBefore,
    semantic_retention: null,
    fact_retention: changed ? (facts?.overall ?? null) : 1,
    ...measured,
    step_latency_ms: clock.now() - startedAt,
    estimated,
  });
}
