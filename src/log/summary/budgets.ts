import type { BudgetCheck, MetricsSummary } from './metrics-summary.ts';

/** Checks the budgets of the specification. A page's figures are of its whole life; `docs/ops/alerts.yml` watches the last minutes. */
export function budgetsOf({
  first_token_ms,
  streams,
  trims,
}: Pick<MetricsSummary, 'first_token_ms' | 'streams' | 'trims'>): readonly BudgetCheck[] {
  return [
    check('first_token_ms p95', '≤ 1000', first_token_ms?.p95, (value) => value <= 1000),
    check('event_delay_ms p95', '≤ 300', streams?.event_delay_ms?.p95, (value) => value <= 300),
    check('stream breaks', '< 0.01', streams?.break_ratio, (value) => value < 0.01),
    check(
      'compress_ratio mean',
      '0.3 to 0.8',
      trims.compress_ratio?.mean,
      (value) => value >= 0.3 && value <= 0.8,
    ),
  ];
}

function check(
  budget: string,
  limit: string,
  value: number | null | undefined,
  keeps: (value: number) => boolean,
): BudgetCheck {
  if (value === null || value === undefined) return { budget, limit, value: null, ok: null };
  return { budget, limit, value, ok: keeps(value) };
}
