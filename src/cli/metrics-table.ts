import type { MetricsEvent } from '../event.ts';

const heads = [
  '',
  'token_in',
  'token_out',
  'compress_ratio',
  'semantic_retention',
  'first_token_ms',
  'step_latency_ms',
  'retryable',
];

/** The figures of a run as aligned columns: a row per trim and call, the run last. */
export function metricsTable(metrics: readonly MetricsEvent[]): string {
  const rows = [heads, ...metrics.map(row)];
  const widths = heads.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  const run = metrics.at(-1);
  const estimated =
    run?.scope === 'run' && run.estimated
      ? '\nsome tokens were counted here, not by the provider (estimated)'
      : '';
  return `${lines.join('\n')}${estimated}\n`;
}

function row(event: MetricsEvent): string[] {
  const trim = event.scope === 'call' ? undefined : event;
  const timed = event.scope === 'trim' ? undefined : event;
  const latency = event.scope === 'run' ? event.latency_ms : event.step_latency_ms;
  return [
    event.scope === 'call'
      ? `${event.phase}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`
      : event.scope,
    String(event.token_in),
    String(event.token_out),
    trim === undefined ? '–' : trim.compress_ratio.toFixed(3),
    trim === undefined ? '–' : (trim.semantic_retention?.toFixed(3) ?? 'null'),
    timed === undefined ? '–' : (timed.first_token_ms?.toFixed(1) ?? 'null'),
    latency.toFixed(1),
    timed === undefined ? '–' : String(timed.retryable),
  ];
}
