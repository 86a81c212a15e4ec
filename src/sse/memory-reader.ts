import type { EventBatch, ReadOptions } from './event-log.ts';
import type { MemoryRun } from './memory-run.ts';
import { toRunError } from './run-failure.ts';

const DONE = { value: undefined, done: true } as const;

/** Reads one run's events from memory and follows it. Written by hand, so that leaving it ends a read that waits. */
export class MemoryReader implements AsyncIterableIterator<EventBatch> {
  readonly #run: MemoryRun;
  readonly #signal: AbortSignal | undefined;
  readonly #onClose: (() => void) | undefined;
  /** Number of the last event that was handed out. */
  #after: number;
  #wake: (() => void) | undefined;
  #closed = false;

  /** @throws KatamariError `gone`, `invalid-input` as {@link MemoryRun.check} does */
  constructor(run: MemoryRun, { after = 0, signal, onClose }: ReadOptions) {
    this.#run = run;
    this.#after = after;
    run.check(after);
    this.#signal = signal;
    this.#onClose = onClose;
    run.readers++;
    if (signal?.aborted === true) this.#close();
    else signal?.addEventListener('abort', this.#close, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch>> {
    try {
      while (!this.#closed) {
        const batch = this.#run.eventsAfter(this.#after);
        if (batch !== undefined) {
          this.#after += batch.events.length;
          return { value: batch, done: false };
        }
        if (this.#run.endedAt !== undefined) {
          if (this.#run.failure !== null) throw toRunError(this.#run.failure);
          break;
        }
        await this.#arrival();
      }
    } catch (error) {
      this.#close();
      throw error;
    }
    this.#close();
    return DONE;
  }

  return(): Promise<IteratorResult<EventBatch>> {
    this.#close();
    return Promise.resolve(DONE);
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#run.wait(resolve);
    });
  }

  readonly #close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    this.#run.readers--;
    this.#signal?.removeEventListener('abort', this.#close);
    if (this.#wake !== undefined) {
      this.#run.unwait(this.#wake);
      this.#wake();
    }
    this.#onClose?.();
  };
}
