import { isKatamariError, KatamariError, ProviderError } from '../errors.ts';
import type {
  AttemptEndEvent,
  AttemptLabels,
  AttemptStartEvent,
  ChainEvent,
  MetricsEvent,
} from '../event.ts';
import { personaLabels } from '../persona-labels.ts';
import type { AttemptMeter, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { OutputEstimate } from '../tokens/output-estimate.ts';
import { closeQuietly } from './close-quietly.ts';
import { promptEstimate } from './prompt-estimate.ts';
import { Watchdog } from './watchdog.ts';

type Batch = readonly ChainEvent[];

/**
 * One try of one model call: opens the provider's stream, reads it batch by batch, measures it, and cuts it off at once when the run is
 * aborted or a limit is reached, also when the provider does not listen.
 */
export class Attempt {
  readonly #request: ChatRequest;
  readonly #context: RunContext;
  readonly #labels: AttemptLabels;
  readonly #model: string;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  readonly #watchdog: Watchdog;
  readonly #output = new OutputEstimate();
  readonly #meter: AttemptMeter | undefined;
  #iterator: AsyncIterator<Batch> | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #firstTokenAt: number | null = null;
  #heard = false;
  #shown = false;
  #end: AttemptEndEvent | undefined;
  #settled = false;
  #closed = false;

  /** @throws KatamariError code `limit-reached` where the run has nothing left for it */
  constructor(request: ChatRequest, context: RunContext) {
    const { req_id, call, phase, attempt, answer, provider, clock, budget } = context;
    this.#meter = budget?.begin(request, context);
    this.#request = request;
    this.#context = context;
    this.#labels = { req_id, call, phase, attempt, answer };
    this.#model = request.model ?? provider.model;
    this.#startedAt = clock.now();
    this.#watchdog = new Watchdog(clock, context.timeouts ?? provider.timeouts ?? {}, budget, (error) => {
      this.#stop(error);
    });
    context.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Whether text of this attempt has been handed on. */
  get shownText(): boolean {
    return this.#firstTokenAt !== null;
  }

  startEvent(): AttemptStartEvent {
    const { name, isLanguageModel } = this.#context.provider;
    return {
      type: 'attempt-start',
      ...this.#labels,
      provider: name,
      model: this.#model,
      isLanguageModel,
      ...personaLabels(this.#context.persona),
    };
  }

  /** The next batch; `null` after the one that held the provider's `attempt-end`. @throws KatamariError */
  read(): Promise<Batch | null> {
    if (this.#end !== undefined) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#controller.signal.aborted) return reject(this.#controller.signal.reason as KatamariError);
      this.#iterator ??= this.#open();
      this.#iterator.next().then((result) => {
        try {
          resolve(this.#accept(result));
        } catch (error) {
          reject(toKatamariError(error, this.#context.provider.name));
        }
      }, reject);
    });
  }

  /**
   * The events that close the account of the attempt: `attempt-end`, unless the provider said it, and the metrics. Empty when they have
   * been told already.
   *
   * @param error - why it has no end of its own; `undefined`: its consumer has had enough
   */
  settle(error: KatamariError | undefined, delayMs: number | null): ChainEvent[] {
    if (this.#settled) return [];
    this.#settled = true;
    const end = this.#end ?? this.#failureEvent(error ?? abortError(), delayMs);
    this.#context.settled?.(end, { request: this.#request, model: this.#model });
    if (this.#end !== undefined) return [this.#metricsEvent(null)];
    return [end, this.#metricsEvent(end.retryable)];
  }

  /** Lets go of everything. The provider's own cleanup is not waited for: it may be the one that hangs. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watchdog.stop();
    this.#context.signal.removeEventListener('abort', this.#onAbort);
    // An error costs its stack, and of an answer that is whole nobody asks for one.
    this.#controller.abort(this.#end === undefined ? abortError() : 'the attempt is over');
    closeQuietly(this.#iterator);
  }

  #failureEvent(error: KatamariError, delayMs: number | null): AttemptEndEvent {
    const limited = error.code === 'limit-reached';
    const aborted = limited || error.code === 'aborted';
    return {
      type: 'attempt-end',
      ...this.#labels,
      outcome: aborted ? 'aborted' : 'failed',
      finishReason: limited ? 'limit' : aborted ? 'aborted' : 'error',
      vendorReason: null,
      usage: null,
      error: {
        code: error.code,
        message: error.message,
        ...(maybeAccepted(error) && { maybeAccepted: true }),
      },
      retryable: aborted ? null : error.retryable,
      delayMs,
      superseded: delayMs !== null && this.#shown,
    };
  }

  #metricsEvent(retryable: boolean | null): MetricsEvent {
    const { provider, clock } = this.#context;
    const first = this.#firstTokenAt;
    const reported = this.#end?.usage ?? null;
    const usage = reported ?? this.#estimatedUsage();
    this.#meter?.close(usage);
    const price = this.#context.price?.(usage, { provider: provider.name, model: this.#model });
    return {
      type: 'metrics',
      scope: 'call',
      ...this.#labels,
      provider: provider.name,
      model: this.#model,
      ...usage,
      ...(price !== undefined && { cost_usd: price }),
      step_latency_ms: clock.now() - this.#startedAt,
      first_token_ms: first === null ? null : first - this.#startedAt,
      retryable,
      estimated: reported === null,
    };
  }

  #open(): AsyncIterator<Batch> {
    const context = { ...this.#context, signal: this.#controller.signal };
    return this.#context.provider.generate(this.#request, context)[Symbol.asyncIterator]();
  }

  #accept(result: IteratorResult<Batch>): Batch {
    if (result.done === true) throw endedEarly(this.#context.provider.name);
    const batch = result.value;
    const now = this.#context.clock.now();
    this.#heard = true;
    for (const event of batch) this.#measure(event, now);
    this.#watchdog.touch(now, this.#shown);
    // What has been read is paid for and handed on; the next read finds the attempt stopped.
    const limit = this.#end === undefined ? this.#meter?.wrote(this.#output.tokens) : undefined;
    if (limit !== undefined) this.#controller.abort(limit);
    return batch;
  }

  #measure(event: ChainEvent, now: number): void {
    if (event.type === 'token') {
      this.#firstTokenAt ??= now;
      this.#output.add(event.text);
    } else if (event.type === 'reasoning') this.#output.add(event.text);
    else if (event.type === 'tool-call') this.#output.add(event.arguments);
    else if (event.type === 'attempt-end') this.#end = event;
    this.#shown ||= event.type === 'token' || event.type === 'reasoning' || event.type === 'tool-call';
  }

  /** Of a call that was refused, or left, before anything was heard we assume that it was not billed. */
  #estimatedUsage(): { token_in: number; token_out: number } {
    if (!this.#heard) return { token_in: 0, token_out: 0 };
    return { token_in: promptEstimate(this.#request), token_out: this.#output.tokens };
  }

  readonly #onAbort = (): void => {
    this.#stop(toKatamariError(this.#context.signal.reason, this.#context.provider.name));
  };

  #stop(error: KatamariError): void {
    this.#controller.abort(error);
    this.#reject?.(error);
  }
}

function maybeAccepted(error: KatamariError): boolean {
  return (error as Partial<ProviderError>).maybeAccepted === true;
}

/** The consumer has had enough. */
export function abortError(cause?: unknown): KatamariError {
  return new KatamariError('aborted', 'The run was aborted by its consumer.', { cause });
}

function endedEarly(name: string): ProviderError {
  return new ProviderError(
    'truncated',
    `The stream of provider «${name}» ended without saying that it had finished.`,
    {
      retryable: true,
      maybeAccepted: true,
    },
  );
}

/** Whatever was thrown, as one of the family; an error of the attempt's own abort keeps its reason. */
export function toKatamariError(error: unknown, name: string): KatamariError {
  if (isKatamariError(error)) return error;
  return new ProviderError('unknown', `Provider «${name}» threw an error of its own; see \`cause\`.`, {
    cause: error,
  });
}
