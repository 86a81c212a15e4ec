import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import { toConnectionError } from '../http/connection-error.ts';
import { startTail } from '../http/release-body.ts';
import { FrameReader, type Progress } from './frame-reader.ts';

/** What a connection is read with. */
export interface BodyOptions {
  readonly progress: Progress;
  readonly clock: Clock;
  /** Silence, pings included, after which a connection counts as broken, in milliseconds. */
  readonly idleMs: number;
}

/** The body of one response, read as events of a run. */
export class EventBody {
  readonly #source: ReadableStreamDefaultReader<Uint8Array>;
  readonly #frames: FrameReader;
  readonly #clock: Clock;
  readonly #idleMs: number;
  #isSilent = false;
  #readAt: number;
  #cancelTimer: (() => void) | undefined;

  constructor(body: ReadableStream<Uint8Array>, { progress, clock, idleMs }: BodyOptions) {
    this.#source = body.getReader();
    this.#frames = new FrameReader(progress);
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#readAt = clock.now();
    this.#watch();
  }

  /**
   * The next events, perhaps none.
   *
   * @throws {@link ProviderError} where the connection breaks. Its end is a break, too: what is whole ends with `done` and is not read on.
   */
  async read(): Promise<readonly ChainEvent[]> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = (await this.#source.read()).value;
    } catch (error) {
      throw this.#isSilent ? silent(this.#idleMs) : toConnectionError(error, 'The event stream');
    }
    if (bytes === undefined) throw this.#isSilent ? silent(this.#idleMs) : cutOff();
    this.#readAt = this.#clock.now();
    return this.#frames.read(bytes);
  }

  /** Whether the run has ended, or failed. */
  get isOver(): boolean {
    return this.#frames.isOver;
  }

  /** Nothing more is wanted, and nothing more will come: a connection whose body has ended can be used again. */
  finish(): void {
    this.#cancelTimer?.();
    void startTail(this.#source)
      .release()
      .then((hasEnded) => {
        if (!hasEnded) this.close();
      });
  }

  /** Lets go of the connection. A read under way settles. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#source.cancel().catch(() => undefined);
  }

  /** One timer at a time, armed again only when it fires. */
  #watch(): void {
    if (this.#idleMs === Infinity) return;
    const ms = Math.max(1, this.#readAt + this.#idleMs - this.#clock.now());
    this.#cancelTimer = this.#clock.after(ms, () => {
      if (this.#clock.now() < this.#readAt + this.#idleMs) return this.#watch();
      this.#isSilent = true;
      this.close();
    });
  }
}

/** The stream ended before the run did. */
function cutOff(): ProviderError {
  return new ProviderError('truncated', 'The event stream broke off before the end of the run.', {
    retryable: true,
  });
}

/** Not even pings came. */
function silent(ms: number): ProviderError {
  return new ProviderError('timeout', `The event stream was silent for ${ms} ms, pings included.`, {
    retryable: true,
  });
}
