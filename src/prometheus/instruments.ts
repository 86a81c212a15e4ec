import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Bounds in seconds; 0.3 and 1 are budgets, so that what is inside them can be read off exactly. */
const BUCKETS = {
  firstToken: [0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60],
  duration: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  step: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  eventDelay: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10],
  ratio: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
} as const;

/** Where the metrics go, and how their names begin. */
export interface MetricHome {
  readonly registry: Registry;
  readonly prefix: string;
}

/** All metrics of runs. */
export type RunInstruments = ReturnType<typeof runInstruments>;

/** Registers the metrics of runs. */
export function runInstruments(home: MetricHome) {
  const { counter, gauge, histogram } = makers(home);
  return {
    requests: counter('requests_total', 'Runs that ended, by how.', ['chain', 'provider', 'model', 'status']),
    errors: counter(
      'errors_total',
      'Runs that failed, by the code of their error and whether it is retryable.',
      ['chain', 'code', 'retryable'],
    ),
    inFlight: gauge('runs_in_flight', 'Runs that have begun and not ended.', []),
    attempts: counter('attempts_total', 'Attempts of model calls that ended, by how.', [
      'provider',
      'model',
      'phase',
      'outcome',
    ]),
    attemptErrors: counter('attempt_errors_total', 'Attempts that failed, by the code of their error.', [
      'provider',
      'code',
      'retryable',
    ]),
    retries: counter('retries_total', 'Attempts that failed and were followed by another.', [
      'provider',
      'code',
    ]),
    tokenIn: counter('token_in_total', 'Prompt tokens billed, cache reads and writes included.', [
      'provider',
      'model',
    ]),
    tokenOut: counter('token_out_total', 'Completion tokens billed, reasoning included.', [
      'provider',
      'model',
    ]),
    tokenCacheRead: counter('token_cache_read_total', 'Prompt tokens read from the provider’s cache.', [
      'provider',
      'model',
    ]),
    cost: counter('cost_usd_total', 'What attempts cost, in USD, where a price is known.', [
      'provider',
      'model',
    ]),
    unpriced: counter(
      'unpriced_attempts_total',
      'Attempts whose price is not known although the chain prices.',
      ['provider', 'model'],
    ),
    trims: counter('trims_total', 'Trims, by whether something had to go.', ['strategy', 'changed']),
    compressRatio: histogram(
      'compress_ratio',
      'token_out / token_in of trims in which something had to go.',
      ['strategy'],
      BUCKETS.ratio,
    ),
    semanticRetention: gauge(
      'semantic_retention',
      'semantic_retention of the last trim, -1 to 1; NaN when not measured.',
      ['strategy'],
    ),
    factRetention: gauge(
      'fact_retention',
      'fact_retention of the last trim, 0 to 1; NaN when not measured.',
      ['strategy'],
    ),
    firstToken: histogram(
      'first_token_seconds',
      'From the start of a run to the first token of its answer.',
      ['chain', 'provider', 'model'],
      BUCKETS.firstToken,
    ),
    duration: histogram(
      'request_duration_seconds',
      'Duration of runs.',
      ['chain', 'status'],
      BUCKETS.duration,
    ),
    stepLatency: histogram(
      'step_latency_seconds',
      'Duration of steps, and of model calls by their phase.',
      ['step'],
      BUCKETS.step,
    ),
  };
}

/** Registers the metrics of streams to readers. */
export function streamInstruments(home: MetricHome) {
  const { counter, gauge, histogram } = makers(home);
  return {
    open: gauge('streams_open', 'Event streams to readers that are open.', []),
    opened: counter('streams_opened_total', 'Event streams to readers that were opened.', []),
    ended: counter('streams_ended_total', 'Event streams to readers that ended, by how: closed or broken.', [
      'outcome',
    ]),
    eventDelay: histogram(
      'event_delay_seconds',
      'From an event’s arrival from the chain until it is handed to the reader’s connection.',
      [],
      BUCKETS.eventDelay,
    ),
  };
}

function makers({ registry, prefix }: MetricHome) {
  const registers = [registry];
  return {
    counter: <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
      new Counter<T>({ name: prefix + name, help, labelNames, registers }),
    gauge: <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
      new Gauge<T>({ name: prefix + name, help, labelNames, registers }),
    histogram: <T extends string>(
      name: string,
      help: string,
      labelNames: readonly T[],
      buckets: readonly number[],
    ) => new Histogram<T>({ name: prefix + name, help, labelNames, buckets: [...buckets], registers }),
  };
}
