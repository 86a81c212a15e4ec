import { KatamariError } from './errors.ts';
import type { ChainEvent, FinishReason, RunMetrics } from './event.ts';
import type { AssistantMessage, ToolCall } from './message.ts';
import { OneByOne } from './one-by-one.ts';
import type { RunEngine } from './run/run-engine.ts';

/** How a run ended. */
export interface RunResult {
  readonly req_id: string;
  /** The answer; what there is of it when the run was aborted. */
  readonly text: string;
  /** `aborted` when the run was stopped or left. */
  readonly finishReason: FinishReason;
  /** The answer as a message, for the next request: text, tool calls, and the thoughts that a vendor wants back. */
  readonly message: AssistantMessage;
  /** The tools the model asks for. */
  readonly toolCalls: readonly ToolCall[];
  /** The answer as an object, where `structured()` asked for one. */
  readonly object?: unknown;
  readonly metrics: RunMetrics;
}

/**
 * One execution of a chain. Nothing happens until it is read, in one of three ways: all events (`for await … of run`), the answer's text
 * (`run.tokens()`), or only the end (`await run.result()`). Leaving a loop stops the run and cancels the upstream request.
 */
export class Run implements AsyncIterable<ChainEvent> {
  /** Borne by every event, log line and span of the run. */
  readonly req_id: string;
  readonly #engine: RunEngine;
  #reader: string | undefined;

  /** @internal */
  constructor(req_id: string, engine: RunEngine) {
    this.req_id = req_id;
    this.#engine = engine;
  }

  /** The answer so far; also after a failure. */
  get text(): string {
    return this.#engine.text;
  }

  /** The answer so far as a message; also after a failure. */
  get message(): AssistantMessage {
    return this.#engine.message;
  }

  /** The tools the model has asked for so far; also after a failure. */
  get toolCalls(): readonly ToolCall[] {
    return this.#engine.toolCalls;
  }

  /** `idle` until it is first read. */
  get state(): 'idle' | 'running' | 'ended' {
    return this.#engine.state;
  }

  /**
   * All events, one by one, in the order of the protocol.
   *
   * @throws KatamariError code `run-consumed` when the run has a reader already; what the chain threw, after the last event
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<ChainEvent> {
    this.#claim('its events');
    return this.#read(true, (batch) => batch);
  }

  /**
   * All events, in the arrays in which they were read: for a transport, which pays per array and not per event.
   *
   * @throws as the iterator of events does
   */
  batches(): AsyncIterableIterator<readonly ChainEvent[]> {
    this.#claim('its batches');
    return this.#read(true, (batch) => [batch]);
  }

  /**
   * The answer's text, piece by piece. Since text that was handed out this way can't be taken back, an attempt that fails after its first
   * text is not repeated.
   *
   * @throws as the iterator of events does
   */
  tokens(): AsyncIterableIterator<string> {
    this.#claim('its tokens');
    return this.#read(false, answerTexts);
  }

  /**
   * The end of the run: waits for it when the run is read elsewhere, and drives it when nobody reads it.
   *
   * @throws what the chain threw
   */
  async result(): Promise<RunResult> {
    // A reader that is opened in the same turn comes first: `const result = run.result(); for await (… of run.tokens())`.
    await Promise.resolve();
    if (this.#reader === undefined) await this.#drive();
    const { failure, finishReason, metrics } = await this.#engine.ended;
    if (failure !== undefined) throw failure.error;
    const { req_id, text, message, toolCalls } = this;
    const { object } = this.#engine;
    return {
      req_id,
      text,
      finishReason,
      message,
      toolCalls,
      ...(object !== undefined && { object }),
      metrics,
    };
  }

  /** Stops the run. Its reader gets the closing events, its result says `aborted` and holds the text so far. */
  abort(reason?: unknown): void {
    this.#engine.abort(reason);
  }

  #read<T>(retractable: boolean, select: (batch: readonly ChainEvent[]) => readonly T[]): OneByOne<T> {
    const engine = this.#engine;
    return new OneByOne({
      async next() {
        const batch = await engine.nextBatch(retractable);
        return batch === null ? null : select(batch);
      },
      // Leaving the loop is stopping the run; over when its account is made.
      async leave() {
        engine.abort('the consumer left the loop');
        await engine.ended;
      },
    });
  }

  async #drive(): Promise<void> {
    this.#claim('its result');
    try {
      while ((await this.#engine.nextBatch(true)) !== null);
    } catch {
      // The outcome holds it.
    }
  }

  #claim(what: string): void {
    if (this.#reader !== undefined) {
      const message = `The run is read already, by ${this.#reader}. A run has one reader; start another run with chain.stream().`;
      throw new KatamariError('run-consumed', message);
    }
    this.#reader = what;
  }
}

function answerTexts(batch: readonly ChainEvent[]): readonly string[] {
  const texts: string[] = [];
  for (const event of batch) if (event.type === 'token' && event.answer) texts.push(event.text);
  return texts;
}
