import type { ChainEvent, LimitName, MetricsEvent, RunMetrics, StepLatency } from '../event.ts';
import { AnswerAccount } from './answer-account.ts';

/** What a run adds up to, read off its own events. */
export class RunAccount {
  readonly answer = new AnswerAccount();
  /** The answer as an object, where one was asked for. */
  object: unknown;
  readonly #startedAt: number;
  readonly #latencies: StepLatency[] = [];
  readonly #calls = new Set<number>();
  readonly #sums = {
    token_in: 0,
    token_out: 0,
    token_cache_read: 0,
    token_cache_write: 0,
    token_reasoning: 0,
  };
  #firstTokenAt: number | null = null;
  #trim: Pick<RunMetrics, 'compress_ratio' | 'semantic_retention' | 'fact_retention'> | undefined;
  #cost: number | null | undefined;
  #estimated = false;
  #attempts = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  add(batch: readonly ChainEvent[], now: number): void {
    for (const event of batch) {
      if (event.type === 'token') {
        if (!event.answer) continue;
        this.#firstTokenAt ??= now;
        this.answer.write(event);
      } else this.#note(event);
    }
  }

  metrics(now: number, retryable: boolean | null, stoppedBy: LimitName | undefined): RunMetrics {
    return {
      scope: 'run',
      ...this.#sums,
      ...(this.#cost !== undefined && { cost_usd: this.#cost }),
      compress_ratio: this.#trim?.compress_ratio ?? 1,
      semantic_retention: this.#trim?.semantic_retention ?? null,
      fact_retention: this.#trim?.fact_retention ?? null,
      step_latency_ms: [...this.#latencies],
      latency_ms: now - this.#startedAt,
      first_token_ms: this.#firstTokenAt === null ? null : this.#firstTokenAt - this.#startedAt,
      retryable,
      estimated: this.#estimated,
      calls: this.#calls.size,
      attempts: this.#attempts,
      ...(stoppedBy && { stopped_by: stoppedBy }),
    };
  }

  #note(event: ChainEvent): void {
    if (event.type === 'attempt-end') this.answer.end(event);
    else if (event.type === 'metrics') this.#measure(event);
    else if (event.type === 'step-end')
      this.#latencies.push({ step: event.step, latency_ms: event.latency_ms });
    else if (event.type === 'object') this.object = event.object;
    else if (event.type === 'tool-call' && event.answer) this.answer.ask(event);
    else if (event.type === 'reasoning' && event.answer) this.answer.think(event);
  }

  #measure(event: MetricsEvent): void {
    if (event.scope === 'trim') {
      const { compress_ratio, semantic_retention, fact_retention = null } = event;
      this.#trim ??= { compress_ratio, semantic_retention, fact_retention };
    } else if (event.scope === 'call') {
      this.#latencies.push({ step: event.phase, latency_ms: event.step_latency_ms });
      this.#calls.add(event.call);
      this.#attempts++;
      this.#estimated ||= event.estimated;
      this.#addCost(event.cost_usd);
      this.#sums.token_in += event.token_in;
      this.#sums.token_out += event.token_out;
      this.#sums.token_cache_read += event.token_cache_read ?? 0;
      this.#sums.token_cache_write += event.token_cache_write ?? 0;
      this.#sums.token_reasoning += event.token_reasoning ?? 0;
    }
  }

  /** One attempt of unknown price makes the sum unknown. */
  #addCost(cost: number | null | undefined): void {
    if (cost === undefined || this.#cost === null) return;
    this.#cost = cost === null ? null : (this.#cost ?? 0) + cost;
  }
}
