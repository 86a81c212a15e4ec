import type { ChainEvent } from '../event.ts';
import type { EventBatch, RunFailure } from './event-log.ts';
import { eventSize } from './event-size.ts';
import { aheadOfRun, eventsGone } from './log-errors.ts';

/** As many events are handed out together, so that a reader that comes late does not hold up the others. */
const MOST_AT_ONCE = 256;

/**
 * The events of one run in memory, oldest first, and who waits for more. They are kept in three lists side by side, and not in the batches in which they
 * came: most batches hold one token, and would be larger than it.
 */
export class MemoryRun {
  readonly #waiting = new Set<() => void>();
  #events: ChainEvent[] = [];
  /** In bytes, about. */
  #sizes: number[] = [];
  /** When each came, on the clock of the host; `NaN` where nobody said. */
  #times: number[] = [];
  /** How many at the beginning of the lists have been dropped: cut off now and then, since cutting costs the length. */
  #head = 0;
  /** Number of the last event. */
  last = 0;
  /** Bytes that are kept, about. */
  bytes = 0;
  readers = 0;
  /** When the run ended, on the log's clock; `undefined` while it runs. */
  endedAt: number | undefined;
  failure: RunFailure | null = null;
  requestStop: () => void = nothing;

  /** How many events are kept. */
  get events(): number {
    return this.#events.length - this.#head;
  }

  append({ events, at = Number.NaN }: EventBatch): void {
    for (const event of events) {
      const size = eventSize(event);
      this.#events.push(event);
      this.#sizes.push(size);
      this.#times.push(at);
      this.bytes += size;
    }
    this.last += events.length;
    this.wake();
  }

  /** Drops the oldest event, but never the only one. Returns its size in bytes, 0 where nothing was dropped. */
  dropOldest(): number {
    if (this.events < 2) return 0;
    const size = this.#sizes[this.#head] ?? 0;
    this.#head += 1;
    this.bytes -= size;
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#sizes = this.#sizes.slice(this.#head);
      this.#times = this.#times.slice(this.#head);
      this.#head = 0;
    }
    return size;
  }

  /** Drops all events. Returns their size in bytes. */
  clear(): number {
    const { bytes } = this;
    this.#events = [];
    this.#sizes = [];
    this.#times = [];
    this.#head = 0;
    this.bytes = 0;
    this.wake();
    return bytes;
  }

  end(failure: RunFailure | null, now: number): void {
    this.failure = failure;
    this.endedAt = now;
    // What ended holds on to nothing but its events.
    this.requestStop = nothing;
    this.wake();
  }

  /** @throws KatamariError `gone` where the events after `after` have been dropped, `invalid-input` where there is no event `after` */
  check(after: number): void {
    if (after > this.last) throw aheadOfRun(after, this.last);
    const dropped = this.last - this.events;
    if (after < dropped) throw eventsGone(after, dropped + 1);
  }

  /** What has come after an event, with the time of the first of it; `undefined` where nothing has. @throws KatamariError as {@link check} does */
  eventsAfter(after: number): EventBatch | undefined {
    this.check(after);
    if (after === this.last) return undefined;
    const start = this.#events.length - (this.last - after);
    const events = this.#events.slice(start, start + MOST_AT_ONCE);
    const at = this.#times[start] ?? Number.NaN;
    return Number.isNaN(at) ? { seq: after + 1, events } : { seq: after + 1, events, at };
  }

  /** Calls back once, when something has been appended or the run has ended. */
  wait(callback: () => void): void {
    this.#waiting.add(callback);
  }

  unwait(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  wake(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }
}

function nothing(): void {
  // Nobody is left to be stopped.
}
