import { systemClock, type Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import { closeQuietly } from '../run/close-quietly.ts';
import { encodeFrames, failureFrame, openingFrame, PING } from './encode-frames.ts';
import { EventNumbers, iterateSource, type SSESource } from './number-events.ts';
import { toRunFailure } from './run-failure.ts';

/** How events are sent. */
export interface SSEOptions {
  /** Silence after which a ping is sent, in milliseconds; the first one is sent at once. `Infinity` sends no further one. @defaultValue 15000 */
  readonly pingMs?: number;
  /** How long a reader is asked to wait before it comes back, in milliseconds. @defaultValue 1000 */
  readonly retryMs?: number;
  /** Ends the stream, and the reading of its source, as when the reader leaves. */
  readonly signal?: AbortSignal;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/**
 * Chain events as a stream of server-sent events: `id` counts them from 1, `data` is the event as JSON. Pulled: the source is read only
 * when the stream is, so a reader that is slow slows down the provider, and nothing piles up in between. Cancelling the stream leaves the
 * source: a run that is sent directly is aborted by that, one of a `RunHost` is not.
 *
 * A failure becomes one last frame, `{ type: 'error', req_id, code, message, retryable }`. An error that is not katamari's crosses as code
 * `unknown` and a fixed sentence.
 *
 * @throws KatamariError `invalid-input` for options that can't be used; `run-consumed` where the run is read already
 */
export function toSSE(source: SSESource, options: SSEOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  const sender = new Sender(source, options);
  return new ReadableStream(sender, { highWaterMark: 0 });
}

type Controller = ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
type Items = ReturnType<typeof iterateSource>;

/** The source underneath the stream. With a high-water mark of 0, `pull` is called only while somebody waits to read. */
class Sender implements UnderlyingDefaultSource<Uint8Array<ArrayBuffer>> {
  readonly #encoder = new TextEncoder();
  readonly #numbers = new EventNumbers();
  readonly #items: Items;
  readonly #pingMs: number;
  readonly #retryMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #clock: Clock;
  #req_id: string | undefined;
  #isOpen = false;
  #isOver = false;
  #controller: Controller | undefined;
  /** Whether a read of the source is under way. */
  #isReading = false;
  /** Frames that came while nobody waited to read: at most those of one read. */
  #ready: string | undefined;
  #failure: string | undefined;
  #hasEnded = false;
  /** Ends the pull that is under way. */
  #answer: (() => void) | undefined;
  #sentAt = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(source: SSESource, options: SSEOptions) {
    const { pingMs = 15_000, retryMs = 1000, signal, clock = systemClock } = options;
    if (!(pingMs > 0)) throw new KatamariError('invalid-input', 'toSSE: pingMs is milliseconds above 0.');
    if (!Number.isSafeInteger(retryMs) || retryMs < 0)
      throw new KatamariError('invalid-input', 'toSSE: retryMs is whole milliseconds from 0.');
    this.#pingMs = pingMs;
    this.#retryMs = retryMs;
    this.#signal = signal;
    this.#clock = clock;
    this.#req_id = 'batches' in source ? source.req_id : undefined;
    this.#items = iterateSource(source);
  }

  start(controller: Controller): void {
    this.#controller = controller;
    if (this.#signal?.aborted === true) this.#leave();
    else this.#signal?.addEventListener('abort', this.#leave, { once: true });
  }

  pull(): Promise<void> | undefined {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#send(openingFrame(this.#retryMs));
      this.#watchSilence();
      return undefined;
    }
    this.#read();
    if (this.#deliver()) return undefined;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  cancel(): void {
    this.#end();
    closeQuietly(this.#items);
  }

  readonly #leave = (): void => {
    if (this.#isOver) return;
    this.cancel();
    this.#controller?.close();
    this.#answer?.();
  };

  #read(): void {
    if (this.#isReading || this.#hasEnded || this.#ready !== undefined) return;
    this.#isReading = true;
    this.#items.next().then(
      (result) => {
        this.#isReading = false;
        if (result.done === true) this.#hasEnded = true;
        else {
          const batch = this.#numbers.number(result.value);
          if (batch === undefined) return this.#read();
          this.#req_id ??= batch.events[0]?.req_id;
          this.#ready = encodeFrames(batch);
        }
        this.#settle();
      },
      (error: unknown) => {
        this.#isReading = false;
        this.#hasEnded = true;
        this.#failure = failureFrame(this.#req_id, toRunFailure(error));
        this.#settle();
      },
    );
  }

  /** Answers the pull that is under way, where there is one. */
  #settle(): void {
    const answer = this.#answer;
    if (answer === undefined || this.#isOver || !this.#deliver()) return;
    this.#answer = undefined;
    answer();
  }

  /** Hands over what is there. False where nothing is. */
  #deliver(): boolean {
    if (this.#ready !== undefined) {
      this.#send(this.#ready);
      this.#ready = undefined;
      return true;
    }
    if (!this.#hasEnded) return false;
    if (this.#failure !== undefined) this.#send(this.#failure);
    this.#end();
    this.#controller?.close();
    return true;
  }

  #send(text: string): void {
    this.#sentAt = this.#clock.now();
    this.#controller?.enqueue(this.#encoder.encode(text));
  }

  /** One timer at a time, armed again only when it fires, so that an event costs a look at the clock. */
  #watchSilence(): void {
    if (this.#pingMs === Infinity) return;
    const ms = Math.max(1, this.#sentAt + this.#pingMs - this.#clock.now());
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#ping();
      this.#watchSilence();
    });
  }

  /** Only a reader that waits gets a ping: one that is slow has not yet taken what came before. */
  #ping(): void {
    const answer = this.#answer;
    if (answer === undefined) {
      this.#sentAt = this.#clock.now();
      return;
    }
    if (this.#clock.now() < this.#sentAt + this.#pingMs) return;
    this.#answer = undefined;
    this.#send(PING);
    answer();
  }

  #end(): void {
    this.#isOver = true;
    this.#cancelTimer?.();
    this.#signal?.removeEventListener('abort', this.#leave);
  }
}
