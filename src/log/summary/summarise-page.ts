import { KatamariError } from '../../errors.ts';
import { budgetsOf } from './budgets.ts';
import { distributionOf } from './histogram.ts';
import type { Distribution, MetricsSummary, StreamSummary, TrimSummary } from './metrics-summary.ts';
import { parseExposition, type Sample } from './parse-exposition.ts';

/** Options of {@link summarisePage}. */
export interface SummarisePageOptions {
  /** How the metrics' names begin. @defaultValue `'katamari_'` */
  readonly prefix?: string;
}

/**
 * What a page of metrics (`GET /metrics`, as `prometheus()` makes it) adds up to, over the life of its process. Percentiles are interpolated
 * in the histograms' buckets.
 *
 * @throws KatamariError code `invalid-input` when the page has no metrics of katamari's
 */
export function summarisePage(
  page: string,
  { prefix = 'katamari_' }: SummarisePageOptions = {},
): MetricsSummary {
  const samples = parseExposition(page)
    .filter(({ name }) => name.startsWith(prefix))
    .map((sample) => ({ ...sample, name: sample.name.slice(prefix.length) }));
  if (!samples.some(({ name }) => name === 'runs_in_flight')) {
    throw new KatamariError(
      'invalid-input',
      `The page has no metrics of katamari's (${prefix}runs_in_flight …). Is it the right URL, and the right prefix?`,
    );
  }
  const status = (name: string): number => total(samples, 'requests_total', { status: name });
  const [completed, aborted, failed] = [status('completed'), status('aborted'), status('failed')];
  const [failedAttempts, retried] = [total(samples, 'attempt_errors_total'), total(samples, 'retries_total')];
  const figures = {
    first_token_ms: distributionOf(samples, 'first_token_seconds', 1000),
    streams: streamsOf(samples),
    trims: trimsOf(samples),
  };
  return {
    source: 'page',
    percentiles: 'interpolated',
    from: null,
    to: null,
    lines: null,
    requests: { total: completed + aborted + failed, completed, aborted, failed },
    errors: errorsOf(samples),
    retries: { failed_attempts: failedAttempts, retried, given_up: failedAttempts - retried },
    token_in: total(samples, 'token_in_total'),
    token_out: total(samples, 'token_out_total'),
    cost_usd: samples.some(({ name }) => name === 'cost_usd_total') ? total(samples, 'cost_usd_total') : null,
    latency_ms: distributionOf(samples, 'request_duration_seconds', 1000),
    steps: stepsOf(samples),
    runs_in_flight: total(samples, 'runs_in_flight'),
    ...figures,
    budgets: budgetsOf(figures),
  };
}

function total(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const wanted = Object.entries(labels);
  return samples.reduce((sum, sample) => {
    const fits = sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value);
    return fits ? sum + sample.value : sum;
  }, 0);
}

function errorsOf(samples: readonly Sample[]): MetricsSummary['errors'] {
  const errors = Map.groupBy(
    samples.filter(({ name }) => name === 'errors_total'),
    ({ labels }) => `${labels['code']} ${labels['retryable']}`,
  );
  return [...errors]
    .map(([key, series]) => {
      const [code = 'unknown', retryable] = key.split(' ');
      return {
        code,
        retryable: retryable === 'true',
        count: series.reduce((sum, { value }) => sum + value, 0),
      };
    })
    .toSorted((a, b) => b.count - a.count);
}

function stepsOf(samples: readonly Sample[]): MetricsSummary['steps'] {
  const named = samples.filter(({ name }) => name.startsWith('step_latency_seconds_'));
  return [...Map.groupBy(named, ({ labels }) => labels['step'] ?? 'unknown')].flatMap(([step, series]) => {
    const distribution = distributionOf(series, 'step_latency_seconds', 1000);
    return distribution === null ? [] : [{ step, ...distribution }];
  });
}

function trimsOf(samples: readonly Sample[]): TrimSummary {
  return {
    count: total(samples, 'trims_total'),
    changed: total(samples, 'trims_total', { changed: 'true' }),
    compress_ratio: distributionOf(samples, 'compress_ratio'),
    semantic_retention: lastValues(samples, 'semantic_retention'),
    fact_retention: lastValues(samples, 'fact_retention'),
  };
}

/** A gauge holds one value per series, `NaN` where nothing was measured. */
function lastValues(samples: readonly Sample[], gauge: string): Distribution | null {
  const values = samples.flatMap(({ name, value }) =>
    name === gauge && !Number.isNaN(value) ? [value] : [],
  );
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { count: values.length, mean, p50: null, p95: null, p99: null, max: Math.max(...values) };
}

function streamsOf(samples: readonly Sample[]): StreamSummary {
  const closed = total(samples, 'streams_ended_total', { outcome: 'closed' });
  const broken = total(samples, 'streams_ended_total', { outcome: 'broken' });
  return {
    open: total(samples, 'streams_open'),
    opened: total(samples, 'streams_opened_total'),
    closed,
    broken,
    break_ratio: closed + broken === 0 ? null : broken / (closed + broken),
    event_delay_ms: distributionOf(samples, 'event_delay_seconds', 1000),
  };
}
