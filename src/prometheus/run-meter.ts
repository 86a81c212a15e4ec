import type { AttemptEndEvent, CallMetrics, ChainEvent, MetricsEvent, TrimMetrics } from '../event.ts';
import type { RunRecord } from '../observer.ts';
import { boundedNames } from './bounded-names.ts';
import type { RunInstruments } from './instruments.ts';

/** How many names the labels may have. */
export interface NameLimits {
  readonly models: readonly string[];
  readonly maxNames: number;
}

/** What is known of a run while it is in flight. */
interface OpenRun {
  /** The same id may be given to several runs at once. */
  count: number;
  /** Of the trim whose figures come next. */
  strategy: string;
  /** How the attempt under way ended, by call and attempt, until its figures come. */
  readonly ends: Map<string, AttemptEndEvent>;
}

/** Reads runs' events and records into instruments. */
export class RunMeter {
  readonly #to: RunInstruments;
  readonly #open = new Map<string, OpenRun>();
  readonly #model: (name: string) => string;
  readonly #provider: (name: string) => string;
  readonly #chain: (name: string) => string;
  readonly #step: (name: string) => string;
  readonly #strategy: (name: string) => string;

  constructor(instruments: RunInstruments, { models, maxNames }: NameLimits) {
    this.#to = instruments;
    this.#model = boundedNames(maxNames, models);
    this.#provider = boundedNames(maxNames);
    this.#chain = boundedNames(maxNames);
    this.#step = boundedNames(maxNames);
    this.#strategy = boundedNames(maxNames);
  }

  events(batch: readonly ChainEvent[]): void {
    for (const event of batch) {
      // Nearly all events are tokens, and nothing is to be read from them.
      if (event.type === 'token') continue;
      if (event.type === 'run-start') this.#start(event.req_id);
      else if (event.type === 'attempt-end') this.#run(event.req_id)?.ends.set(keyOf(event), event);
      else if (event.type === 'history-trim') this.#noteStrategy(event.req_id, event.strategy);
      else if (event.type === 'metrics') this.#measure(event);
    }
  }

  end(run: RunRecord): void {
    const { metrics, status } = run;
    const chain = this.#chain(run.chain);
    const labels = { chain, provider: this.#provider(run.provider), model: this.#model(run.model) };
    this.#to.requests.inc({ ...labels, status });
    this.#to.duration.observe({ chain, status }, metrics.latency_ms / 1000);
    if (metrics.first_token_ms !== null) this.#to.firstToken.observe(labels, metrics.first_token_ms / 1000);
    if (run.errorCode !== null)
      this.#to.errors.inc({ chain, code: run.errorCode, retryable: String(metrics.retryable) });
    for (const { step, latency_ms } of metrics.step_latency_ms)
      this.#to.stepLatency.observe({ step: this.#step(step) }, latency_ms / 1000);
  }

  #run(req_id: string): OpenRun | undefined {
    return this.#open.get(req_id);
  }

  #start(req_id: string): void {
    this.#to.inFlight.inc();
    const run = this.#run(req_id);
    if (run === undefined) this.#open.set(req_id, { count: 1, strategy: 'unknown', ends: new Map() });
    else run.count++;
  }

  /** By the run's last figures, which come also where it fails; a run that was refused before it began has them, but has not started. */
  #close(req_id: string): void {
    const run = this.#run(req_id);
    if (run === undefined) return;
    this.#to.inFlight.dec();
    if (--run.count === 0) this.#open.delete(req_id);
  }

  #noteStrategy(req_id: string, strategy: string): void {
    const run = this.#run(req_id);
    if (run !== undefined) run.strategy = strategy;
  }

  #measure(event: MetricsEvent): void {
    if (event.scope === 'run') this.#close(event.req_id);
    else if (event.scope === 'trim') this.#trim(event, this.#run(event.req_id)?.strategy ?? 'unknown');
    else this.#call(event);
  }

  #trim(trim: TrimMetrics, name: string): void {
    const strategy = this.#strategy(name);
    const changed = trim.token_out < trim.token_in;
    this.#to.trims.inc({ strategy, changed: String(changed) });
    if (changed) this.#to.compressRatio.observe({ strategy }, trim.compress_ratio);
    this.#to.semanticRetention.set({ strategy }, trim.semantic_retention ?? NaN);
    this.#to.factRetention.set({ strategy }, trim.fact_retention ?? NaN);
  }

  #call(call: CallMetrics): void {
    const provider = this.#provider(call.provider);
    const labels = { provider, model: this.#model(call.model) };
    this.#to.tokenIn.inc(labels, call.token_in);
    this.#to.tokenOut.inc(labels, call.token_out);
    this.#to.tokenCacheRead.inc(labels, call.token_cache_read ?? 0);
    if (call.cost_usd === null) this.#to.unpriced.inc(labels);
    else if (call.cost_usd !== undefined) this.#to.cost.inc(labels, call.cost_usd);
    const ends = this.#run(call.req_id)?.ends;
    const end = ends?.get(keyOf(call));
    if (end === undefined) return;
    ends?.delete(keyOf(call));
    const { outcome, phase } = end;
    this.#to.attempts.inc({ ...labels, phase, outcome });
    if (outcome !== 'failed') return;
    const code = end.error?.code ?? 'unknown';
    this.#to.attemptErrors.inc({ provider, code, retryable: String(end.retryable) });
    if (end.delayMs !== null) this.#to.retries.inc({ provider, code });
  }
}

function keyOf({ call, attempt }: { readonly call: number; readonly attempt: number }): string {
  return `${call}.${attempt}`;
}
