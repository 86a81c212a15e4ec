import type { EventBatch, RunFailure } from './event-log.ts';
import { eventSize } from './event-size.ts';
import { aheadOfRun, eventsGone } from './log-errors.ts';

interface Stored {
  readonly batch: EventBatch;
  /** In bytes, about. */
  readonly size: number;
}

/** The events of one run in memory, oldest first, and who waits for more. */
export class MemoryRun {
  readonly #waiting = new Set<() => void>();
  #stored: Stored[] = [];
  /** How many at the beginning of `#stored` have been dropped: cut off now and then, since cutting costs the length. */
  #head = 0;
  /** Batches that have been dropped since the beginning. */
  #dropped = 0;
  /** Number of the last event. */
  last = 0;
  /** Events that are kept. */
  events = 0;
  /** Bytes that are kept, about. */
  bytes = 0;
  readers = 0;
  /** When the run ended, on the log's clock; `undefined` while it runs. */
  endedAt: number | undefined;
  failure: RunFailure | null = null;
  requestStop: () => void = () => undefined;

  append(batch: EventBatch): void {
    let size = 0;
    for (const event of batch.events) size += eventSize(event);
    this.#stored.push({ batch, size });
    this.last = batch.seq + batch.events.length - 1;
    this.events += batch.events.length;
    this.bytes += size;
    this.wake();
  }

  /** Drops the oldest batch, but never the only one. Returns its size in bytes, 0 where nothing was dropped. */
  dropOldest(): number {
    if (this.#stored.length - this.#head < 2) return 0;
    return this.#drop();
  }

  /** Drops all events. Returns their size in bytes. */
  clear(): number {
    const { bytes } = this;
    this.#dropped += this.#stored.length - this.#head;
    this.#stored = [];
    this.#head = 0;
    this.events = 0;
    this.bytes = 0;
    this.wake();
    return bytes;
  }

  end(failure: RunFailure | null, now: number): void {
    this.failure = failure;
    this.endedAt = now;
    this.wake();
  }

  /** Place of the first batch that holds events after `after`, counted from the beginning of the run. @throws KatamariError `gone`, `invalid-input` */
  locate(after: number): number {
    if (after > this.last) throw aheadOfRun(after, this.last);
    this.checkKept(after);
    let low = this.#head;
    let high = this.#stored.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const batch = this.#stored[middle]?.batch;
      if (batch !== undefined && lastOf(batch) <= after) low = middle + 1;
      else high = middle;
    }
    return this.#dropped + low - this.#head;
  }

  /** The batch at a place; `undefined` where there is none yet, or none any more. */
  at(place: number): EventBatch | undefined {
    return place < this.#dropped ? undefined : this.#stored[this.#head + place - this.#dropped]?.batch;
  }

  /** @throws KatamariError `gone` where the events after `after` have been dropped */
  checkKept(after: number): void {
    if (after < this.last - this.events) throw eventsGone(after, this.last - this.events + 1);
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

  #drop(): number {
    const oldest = this.#stored[this.#head];
    if (oldest === undefined) return 0;
    this.#head++;
    this.#dropped++;
    this.events -= oldest.batch.events.length;
    this.bytes -= oldest.size;
    if (this.#head > 1024 && this.#head * 2 > this.#stored.length) {
      this.#stored = this.#stored.slice(this.#head);
      this.#head = 0;
    }
    return oldest.size;
  }
}

function lastOf({ seq, events }: EventBatch): number {
  return seq + events.length - 1;
}
