import { isKatamariError } from '../errors.ts';
import type { ChainEvent, FinishReason, PersonaSwitchEvent, RunMetrics, RunStartEvent } from '../event.ts';
import type { AssistantMessage, ToolCall } from '../message.ts';
import type { Observer, RunRecord } from '../observer.ts';
import type { Generate, RunBudget, RunContext, RunLimits } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { abortError, toKatamariError } from './attempt.ts';
import { closeQuietly } from './close-quietly.ts';
import { RunAccount } from './run-account.ts';
import { LimitedBudget } from './run-budget.ts';

type Batch = readonly ChainEvent[];

/** How long a run that was aborted waits for steps that do not listen, in milliseconds. */
const ABORT_GRACE_MS = 1000;

/** All that an execution needs. */
export interface RunPlan {
  readonly request: ChatRequest;
  readonly generate: Generate;
  readonly context: Omit<RunContext, 'signal' | 'emit' | 'nextCall' | 'retractable' | 'budget'>;
  readonly start: Omit<RunStartEvent, 'type' | 'req_id' | 'time'>;
  readonly observers: readonly Observer[];
  readonly signal: AbortSignal | undefined;
  /** Checks the input and gives the run's limits; throws when it will not do. */
  readonly check: () => RunLimits | undefined;
  readonly personaSwitch: Pick<PersonaSwitchEvent, 'from' | 'to'> | undefined;
}

/** How a run ended, for those who did not watch. */
export interface RunOutcome {
  readonly finishReason: FinishReason;
  readonly metrics: RunMetrics;
  /** What was thrown, if anything was. */
  readonly failure?: { readonly error: unknown };
}

/**
 * Drives one run: pulls batches from the chain one at a time and only when asked, merges what steps have to say besides, keeps the
 * account, and makes sure that it ends, whatever the steps do.
 */
export class RunEngine {
  readonly #plan: RunPlan;
  readonly #controller = new AbortController();
  readonly #inbox: Batch[] = [];
  #account = new RunAccount(0);
  #budget: RunBudget | undefined;
  #source: AsyncIterator<Batch> | undefined;
  #reading = false;
  /** Resolves when the inbox is filled or the run ends. */
  #arrival: PromiseWithResolvers<void> | undefined;
  #outcome: RunOutcome | undefined;
  #cancelGrace: (() => void) | undefined;
  #time = 0;
  #issueTold = false;
  readonly #settle: (outcome: RunOutcome) => void;
  /** Resolves when the run has ended; never rejects. */
  readonly ended: Promise<RunOutcome>;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    const { promise, resolve } = Promise.withResolvers<RunOutcome>();
    this.ended = promise;
    this.#settle = resolve;
  }

  get text(): string {
    return this.#account.answer.text;
  }

  get toolCalls(): readonly ToolCall[] {
    return this.#account.answer.toolCalls;
  }

  get message(): AssistantMessage {
    return this.#account.answer.message;
  }

  get object(): unknown {
    return this.#account.object;
  }

  get state(): 'idle' | 'running' | 'ended' {
    if (this.#outcome !== undefined) return 'ended';
    return this.#source === undefined ? 'idle' : 'running';
  }

  /** The next batch; `null` after the one that held `done`. @throws what the chain threw, once all events have been handed out */
  async nextBatch(retractable: boolean): Promise<Batch | null> {
    if (this.#source === undefined && this.#outcome === undefined) this.#start(retractable);
    for (;;) {
      const batch = this.#inbox.shift();
      if (batch !== undefined) return batch;
      if (this.#outcome !== undefined) {
        if (this.#outcome.failure !== undefined) throw this.#outcome.failure.error;
        return null;
      }
      this.#read();
      if (this.#inbox.length === 0) await (this.#arrival ??= Promise.withResolvers()).promise;
    }
  }

  /** Ends the run from outside. What has been generated stays; the account is made. */
  abort(reason?: unknown): void {
    if (this.#outcome !== undefined || this.#controller.signal.aborted) return;
    this.#controller.abort(abortError(reason));
    if (this.#source === undefined) return this.#finish('aborted');
    this.#cancelGrace = this.#plan.context.clock.after(ABORT_GRACE_MS, () => {
      this.#finish('aborted');
    });
    // Nobody may be pulling: the chain is brought to its end all the same.
    this.#read();
  }

  readonly #onAbort = (): void => {
    this.abort(this.#plan.signal?.reason);
  };

  #start(retractable: boolean): void {
    const { context, start, signal, request, generate, personaSwitch } = this.#plan;
    const { req_id, clock } = context;
    this.#account = new RunAccount(clock.now());
    this.#time = Date.now();
    let calls = 0;
    const emit = (event: ChainEvent): void => {
      if (this.#outcome === undefined) this.#push([event]);
    };
    try {
      const limits = this.#plan.check();
      this.#budget = limits && new LimitedBudget(limits, clock.now());
      emit({ type: 'run-start', req_id, ...start, time: this.#time });
      if (personaSwitch !== undefined) emit({ type: 'persona-switch', req_id, ...personaSwitch });
      this.#source = generate(request, {
        ...context,
        ...(this.#budget && { budget: this.#budget }),
        signal: this.#controller.signal,
        retractable,
        emit,
        nextCall: () => ++calls,
      })[Symbol.asyncIterator]();
    } catch (error) {
      return this.#finish('failed', error);
    }
    if (signal?.aborted === true) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Starts the next read unless one is under way. */
  #read(): void {
    if (this.#reading || this.#outcome !== undefined || this.#source === undefined) return;
    this.#reading = true;
    this.#source.next().then(
      (result) => {
        this.#reading = false;
        if (this.#outcome !== undefined) return;
        if (result.done === true) this.#finish('completed');
        else {
          this.#push(result.value);
          // Somebody waits for something to read; after an abort nobody may be waiting, and the chain is brought to its end.
          if (result.value.length === 0 || this.#controller.signal.aborted) this.#read();
        }
      },
      (error: unknown) => {
        this.#reading = false;
        if (this.#controller.signal.aborted) this.#finish('aborted');
        else if (isKatamariError(error) && error.code === 'limit-reached') this.#finish('completed', error);
        else this.#finish('failed', error);
      },
    );
  }

  #push(batch: Batch): void {
    if (batch.length === 0) return;
    this.#account.add(batch, this.#plan.context.clock.now());
    this.#inbox.push(batch);
    for (const observer of this.#plan.observers) this.#watch(() => observer.events?.(batch));
    this.#announce();
  }

  #announce(): void {
    this.#arrival?.resolve();
    this.#arrival = undefined;
  }

  /** A run that a limit ended is completed; its error is that limit's. */
  #finish(status: RunRecord['status'], error?: unknown): void {
    if (this.#outcome !== undefined) return;
    const { req_id, clock, provider } = this.#plan.context;
    const failed = status === 'failed';
    const retryable = failed ? toKatamariError(error, provider.name).retryable : null;
    const metrics = this.#account.metrics(clock.now(), retryable, this.#budget?.reached);
    const ended = error === undefined ? this.#account.answer.finishReason : 'limit';
    const finishReason = failed ? 'error' : status === 'aborted' ? 'aborted' : ended;
    this.#push([{ type: 'metrics', req_id, ...metrics }]);
    if (!failed) this.#push([{ type: 'done', req_id, finishReason }]);
    const failure = failed ? { failure: { error } } : {};
    this.#outcome = { finishReason, metrics, ...failure };
    this.#release();
    this.#record(status, this.#outcome);
    this.#settle(this.#outcome);
    this.#announce();
  }

  #release(): void {
    this.#plan.signal?.removeEventListener('abort', this.#onAbort);
    this.#cancelGrace?.();
    // A step that did not listen is left to itself; its source is told to close and not waited for.
    if (this.#reading) closeQuietly(this.#source);
  }

  #record(status: RunRecord['status'], { finishReason, metrics, failure }: RunOutcome): void {
    const { start, observers, context } = this.#plan;
    // A run that was stopped before it was ever read did not happen.
    if (this.#time === 0) return;
    const code = isKatamariError(failure?.error) ? failure.error.code : 'unknown';
    const record: RunRecord = {
      req_id: context.req_id,
      ...start,
      time: this.#time,
      status,
      finishReason,
      errorCode: failure ? code : null,
      metrics,
    };
    for (const observer of observers) this.#watch(() => observer.end?.(record));
  }

  #watch(call: () => void): void {
    try {
      call();
    } catch {
      if (this.#issueTold) return;
      this.#issueTold = true;
      const message = 'An observer of the run threw; the run goes on without it being told.';
      const { req_id } = this.#plan.context;
      this.#inbox.push([
        { type: 'issue', req_id, source: 'run', code: 'observer-failed', severity: 'warning', message },
      ]);
    }
  }
}
