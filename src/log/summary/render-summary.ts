import type { Distribution, MetricsSummary } from './metrics-summary.ts';

/** A summary as text for a terminal: tables without colours, for the record. What was not measured is `-`. */
export function renderSummary(summary: MetricsSummary): string {
  return [
    headOf(summary),
    table([['', 'count', 'mean', 'p50', 'p95', 'p99', 'max'], ...distributionsOf(summary)]),
    ...(summary.errors.length > 0 ? [errorsOf(summary)] : []),
    table([
      ['budget', 'limit', 'value', ''],
      ...summary.budgets.map(({ budget, limit, value, ok }) => [budget, limit, figure(value), verdict(ok)]),
    ]),
  ].join('\n\n');
}

function headOf(summary: MetricsSummary): string {
  const { lines, requests, retries, trims, streams } = summary;
  return table([
    [
      'source',
      lines === null
        ? 'page'
        : `log, ${counted({ records: lines.records, malformed: lines.malformed, other: lines.other })}`,
    ],
    ...(summary.from === null ? [] : [['time', `${summary.from} to ${summary.to}`]]),
    ['percentiles', summary.percentiles],
    [
      'requests',
      `${requests.total} (${counted({ completed: requests.completed, aborted: requests.aborted, failed: requests.failed })})`,
    ],
    [
      'failed attempts',
      `${retries.failed_attempts} (${counted({ retried: retries.retried, 'given up': retries.given_up })})`,
    ],
    ['tokens', counted({ in: summary.token_in, out: summary.token_out })],
    ['cost_usd', figure(summary.cost_usd)],
    ['trims', `${trims.count} (${trims.changed} left something out)`],
    ...(summary.runs_in_flight === null ? [] : [['runs in flight', figure(summary.runs_in_flight)]]),
    ...(streams === null
      ? []
      : [['streams', counted({ open: streams.open, closed: streams.closed, broken: streams.broken })]]),
  ]);
}

function distributionsOf({ latency_ms, first_token_ms, steps, trims, streams }: MetricsSummary): string[][] {
  const rows: [string, Distribution | null | undefined][] = [
    ['latency_ms', latency_ms],
    ['first_token_ms', first_token_ms],
    ['event_delay_ms', streams?.event_delay_ms],
    ...steps.map(({ step, ...distribution }): [string, Distribution] => [`  ${step}`, distribution]),
    ['compress_ratio', trims.compress_ratio],
    ['semantic_retention', trims.semantic_retention],
    ['fact_retention', trims.fact_retention],
  ];
  return rows.map(([name, found]) => [
    name,
    figure(found?.count ?? 0),
    ...[found?.mean, found?.p50, found?.p95, found?.p99, found?.max].map(figure),
  ]);
}

function errorsOf({ errors }: MetricsSummary): string {
  const rows = errors.map(({ code, retryable, count }) => [code, String(retryable ?? '-'), String(count)]);
  return table([['error', 'retryable', 'count'], ...rows]);
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

function verdict(ok: boolean | null): string {
  if (ok === null) return 'not measured';
  return ok ? 'ok' : 'OVER';
}

function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '-';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((widest, row) => {
    for (const [index, cell] of row.entries()) widest[index] = Math.max(widest[index] ?? 0, cell.length);
    return widest;
  }, []);
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
