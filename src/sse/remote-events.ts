import type { Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import type { BatchSource } from '../one-by-one.ts';
import { EventBody } from './event-body.ts';
import type { Progress } from './frame-reader.ts';

/** Where the connections of one reading come from. */
export interface Connector {
  /**
   * Opens a connection that goes on behind `progress.last`.
   *
   * @throws where there is none to be had
   */
  open(progress: Progress, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** How long to wait before the next connection, in milliseconds; `null` where the error is final. `failures` counts them in a row, from 1. */
  delayMs(error: unknown, failures: number, progress: Progress): number | null;
}

/** How a reading ends and waits. */
export interface RemoteOptions {
  readonly connector: Connector;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly idleMs: number;
  readonly clock: Clock;
  /** Told before each wait for another connection. */
  readonly onReconnect?: ((delayMs: number, failures: number) => void) | undefined;
}

/** The events of a run on a server, over as many connections as it takes. */
export class RemoteEvents implements BatchSource<ChainEvent> {
  readonly #options: RemoteOptions;
  /** Aborted when the consumer leaves, or its signal says so. */
  readonly #stop = new AbortController();
  #body: EventBody | undefined;
  #failures = 0;
  #hasBegun = false;
  #hasLeft = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  async next(): Promise<readonly ChainEvent[] | null> {
    if (!this.#hasBegun) this.#begin();
    try {
      const events = await this.#next();
      if (events === null) this.#close();
      return events;
    } catch (error) {
      const wasStopped = this.#isStopped();
      this.#close();
      if (this.#hasLeft) return null;
      throw wasStopped ? readingAborted(this.#options.signal?.reason) : error;
    }
  }

  leave(): void {
    this.#hasLeft = true;
    this.#close();
  }

  #begin(): void {
    this.#hasBegun = true;
    const { signal } = this.#options;
    if (signal?.aborted === true) this.#close();
    else signal?.addEventListener('abort', this.#close, { once: true });
  }

  async #next(): Promise<readonly ChainEvent[] | null> {
    const { progress } = this.#options;
    for (;;) {
      if (progress.failure !== undefined) throw progress.failure;
      if (progress.isDone) return null;
      this.#stop.signal.throwIfAborted();
      const events = await this.#read();
      this.#stop.signal.throwIfAborted();
      if (events === undefined || events.length === 0) continue;
      // Only what is new is progress: a server that sends old events again and breaks is given up, too.
      this.#failures = 0;
      return events;
    }
  }

  /** What one read brings; `undefined` where the connection broke and another may be had. */
  async #read(): Promise<readonly ChainEvent[] | undefined> {
    try {
      const body = (this.#body ??= await this.#open());
      const events = await body.read();
      if (body.isOver) body.finish();
      return events;
    } catch (error) {
      this.#body?.close();
      this.#body = undefined;
      if (this.#isStopped()) throw error;
      const delayMs = this.#options.connector.delayMs(error, ++this.#failures, this.#options.progress);
      if (delayMs === null) throw error;
      this.#options.onReconnect?.(delayMs, this.#failures);
      await this.#sleep(delayMs);
      return undefined;
    }
  }

  async #open(): Promise<EventBody> {
    const { connector, progress, clock, idleMs } = this.#options;
    const stream = await connector.open(progress, this.#stop.signal);
    return new EventBody(stream, { progress, clock, idleMs });
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, finish);
      signal.addEventListener('abort', finish, { once: true });
    });
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  readonly #close = (): void => {
    this.#options.signal?.removeEventListener('abort', this.#close);
    this.#stop.abort();
    this.#body?.close();
  };
}

/** The reader has had enough. */
function readingAborted(cause: unknown): KatamariError {
  return new KatamariError('aborted', 'The reading was aborted by its consumer.', { cause });
}
