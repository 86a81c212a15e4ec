import { Registry } from 'prom-client';

import { KatamariError } from '../errors.ts';
import type { Observer } from '../observer.ts';
import { runInstruments, streamInstruments, type MetricHome } from './instruments.ts';
import { RunMeter } from './run-meter.ts';

/** Options of {@link prometheus}. */
export interface PrometheusOptions {
  /** Where the metrics are registered, for example prom-client's global `register`. @defaultValue a registry of its own */
  readonly registry?: Registry;
  /** How the metrics' names begin. @defaultValue `'katamari_'` */
  readonly prefix?: string;
  /** Models that always have a series of their own. @defaultValue none */
  readonly models?: readonly string[];
  /** How many other names each label may have, each as it first comes; what comes after is `other`. @defaultValue 50 */
  readonly maxNames?: number;
}

/** What the one who serves event streams to readers tells of them. */
export interface StreamMeter {
  /** A stream to a reader was opened, a resumed one too. */
  opened(): void;
  /** A stream ended as it should: its run's last event was handed over, or the run was stopped by its reader. */
  closed(): void;
  /** A stream ended before its run's last event was handed over: the connection broke, or its reader went away. */
  broken(): void;
}

/** An observer that counts and measures, and shows it to Prometheus. */
export interface PrometheusObserver extends Observer {
  /** Told by the one who serves event streams. */
  readonly stream: StreamMeter;
  /** An event reached a reader's connection so many milliseconds after it had come from the chain. Once per batch is enough. */
  observeEventDelay(ms: number): void;
  /** The page for Prometheus to read. */
  metrics(): Promise<string>;
  /** The page's `Content-Type`. */
  readonly contentType: string;
}

/**
 * Counts and measures runs, through `prom-client`: requests, errors, tokens, cost, trims, latencies, runs in flight. Give one to all chains
 * of a process. The work is done per batch of events, and no text and no `req_id` becomes a label.
 *
 * @throws KatamariError code `invalid-input` when the registry has metrics of the same names already
 * @example
 * const metrics = prometheus();
 * const chain = new Chain({ provider, observers: [metrics] });
 * // GET /metrics
 * new Response(await metrics.metrics(), { headers: { 'content-type': metrics.contentType } });
 */
export function prometheus(options: PrometheusOptions = {}): PrometheusObserver {
  const { registry = new Registry(), prefix = 'katamari_', models = [], maxNames = 50 } = options;
  const { runs, streams } = register({ registry, prefix });
  const meter = new RunMeter(runs, { models, maxNames });
  const end = (outcome: 'closed' | 'broken'): void => {
    streams.open.dec();
    streams.ended.inc({ outcome });
  };
  return {
    events: (batch) => {
      meter.events(batch);
    },
    end: (record) => {
      meter.end(record);
    },
    stream: {
      opened() {
        streams.open.inc();
        streams.opened.inc();
      },
      closed() {
        end('closed');
      },
      broken() {
        end('broken');
      },
    },
    observeEventDelay(ms) {
      streams.eventDelay.observe(ms / 1000);
    },
    async metrics() {
      // prom-client writes `Nan`; the format knows `NaN`.
      return (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN');
    },
    get contentType() {
      return registry.contentType;
    },
  };
}

function register(home: MetricHome) {
  try {
    return { runs: runInstruments(home), streams: withZeros(streamInstruments(home)) };
  } catch (error) {
    throw new KatamariError(
      'invalid-input',
      'The registry has metrics of these names already, or the prefix will not do: share one prometheus() between chains, or give ' +
        'each a `prefix` of its own (letters, digits and `_`).',
      { cause: error },
    );
  }
}

/** A rate can only be seen from a series that was there before: both outcomes begin at 0. */
function withZeros(streams: ReturnType<typeof streamInstruments>) {
  for (const outcome of ['closed', 'broken']) streams.ended.inc({ outcome }, 0);
  return streams;
}
