import type {
  AttemptEndEvent,
  ChainEvent,
  FinishReason,
  MetricsEvent,
  RunMetrics,
  StepLatency,
  TokenEvent,
} from '../event.ts';
import type { ToolCall } from '../message.ts';
import { TextBuffer } from './text-buffer.ts';

/** What a run adds up to, read off its own events. */
export class RunAccount {
  readonly #startedAt: number;
  /** The answer's text by the attempt that wrote it, in order; a superseded attempt's is taken out. */
  readonly #texts = new Map<string, TextBuffer>();
  readonly #finishReasons = new Map<number, FinishReason>();
  readonly #latencies: StepLatency[] = [];
  #writing: { call: number; attempt: number; text: TextBuffer } | undefined;
  #toolCalls: (ToolCall & { readonly key: string })[] = [];
  /** The answer as an object, where one was asked for. */
  object: unknown;
  #firstTokenAt: number | null = null;
  #trim: { compress_ratio: number; semantic_retention: number | null } | undefined;
  #sums = { token_in: 0, token_out: 0, token_cache_read: 0, token_cache_write: 0, token_reasoning: 0 };
  #cost: number | null | undefined;
  #estimated = false;
  #attempts = 0;
  readonly #calls = new Set<number>();

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** The answer so far. */
  get text(): string {
    return Array.from(this.#texts.values(), String).join('');
  }

  get toolCalls(): ToolCall[] {
    return this.#toolCalls.map(({ key: _, ...call }) => call);
  }

  /** That of the call which wrote the end of the answer. */
  get finishReason(): FinishReason {
    const call = this.#writing?.call ?? Math.max(0, ...this.#finishReasons.keys());
    return this.#finishReasons.get(call) ?? 'stop';
  }

  add(batch: readonly ChainEvent[], now: number): void {
    for (const event of batch) {
      if (event.type === 'token') {
        if (event.answer) this.#write(event, now);
      } else this.#note(event);
    }
  }

  metrics(now: number, retryable: boolean | null): RunMetrics {
    return {
      scope: 'run',
      ...this.#sums,
      ...(this.#cost !== undefined && { cost_usd: this.#cost }),
      compress_ratio: this.#trim?.compress_ratio ?? 1,
      semantic_retention: this.#trim?.semantic_retention ?? null,
      step_latency_ms: [...this.#latencies],
      latency_ms: now - this.#startedAt,
      first_token_ms: this.#firstTokenAt === null ? null : this.#firstTokenAt - this.#startedAt,
      retryable,
      estimated: this.#estimated,
      calls: this.#calls.size,
      attempts: this.#attempts,
    };
  }

  #write(event: TokenEvent, now: number): void {
    this.#firstTokenAt ??= now;
    const { call, attempt } = event;
    if (this.#writing?.call !== call || this.#writing.attempt !== attempt) {
      const key = keyOf(event);
      const text = this.#texts.get(key) ?? new TextBuffer();
      this.#texts.set(key, text);
      this.#writing = { call, attempt, text };
    }
    this.#writing.text.append(event.text);
  }

  #note(event: ChainEvent): void {
    if (event.type === 'attempt-end') this.#endAttempt(event);
    else if (event.type === 'metrics') this.#measure(event);
    else if (event.type === 'step-end')
      this.#latencies.push({ step: event.step, latency_ms: event.latency_ms });
    else if (event.type === 'object') this.object = event.object;
    else if (event.type === 'tool-call' && event.answer) {
      const { id, name, providerData } = event;
      const data = providerData === undefined ? {} : { providerData };
      this.#toolCalls.push({ id, name, arguments: event.arguments, ...data, key: keyOf(event) });
    }
  }

  #endAttempt(event: AttemptEndEvent): void {
    this.#finishReasons.set(event.call, event.finishReason);
    if (!event.superseded) return;
    const key = keyOf(event);
    this.#texts.delete(key);
    this.#toolCalls = this.#toolCalls.filter((call) => call.key !== key);
    this.#writing = undefined;
  }

  #measure(event: MetricsEvent): void {
    if (event.scope === 'trim') {
      const { compress_ratio, semantic_retention } = event;
      this.#trim ??= { compress_ratio, semantic_retention };
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

function keyOf(event: { readonly call: number; readonly attempt: number }): string {
  return `${event.call}.${event.attempt}`;
}
