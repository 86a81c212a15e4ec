import type { Clock } from '../clock.ts';
import { isKatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import type { Observer } from '../observer.ts';
import type { EventBatch } from '../sse/event-log.ts';
import type { MetricsSource } from './handler-options.ts';

/** Counts the streams of events to clients, and how long events are under way to them. */
export class StreamMeter {
  readonly #metrics: MetricsSource | undefined;
  readonly #clock: Clock;
  /** When events came from their chain. The log in memory hands out the very arrays; another log's are not measured. */
  readonly #cameAt = new WeakMap<readonly ChainEvent[], number>();

  constructor(metrics: MetricsSource | undefined, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  /** To be told of every run. */
  observer(): Observer {
    if (this.#metrics?.observeEventDelay === undefined) return {};
    return { events: (batch) => this.#cameAt.set(batch, this.#clock.now()) };
  }

  /** The same events, with an eye on how their reading ends. */
  watch(events: AsyncIterableIterator<EventBatch>): AsyncIterable<EventBatch> {
    const stream = this.#metrics?.stream;
    if (stream === undefined) return events;
    stream.opened();
    const openedAt = this.#clock.now();
    let isOpen = true;
    let hasAll = false;
    const end = (isWhole: boolean): void => {
      if (!isOpen) return;
      isOpen = false;
      if (isWhole) stream.closed();
      else stream.broken();
    };
    const watched: AsyncIterableIterator<EventBatch> = {
      [Symbol.asyncIterator]: () => watched,
      next: async () => {
        try {
          const result = await events.next();
          if (result.done === true) end(hasAll);
          else hasAll = this.#note(result.value, openedAt);
          return result;
        } catch (error) {
          // What the run failed with is thrown after its last event; `gone` is the reader's own trouble.
          end(isKatamariError(error) && error.code !== 'gone');
          throw error;
        }
      },
      return: async () => {
        end(hasAll);
        return (await events.return?.()) ?? { value: undefined, done: true };
      },
    };
    return watched;
  }

  /** Whether the batch holds the last event of a run. */
  #note({ events }: EventBatch, openedAt: number): boolean {
    const cameAt = this.#cameAt.get(events);
    // What came while the reader was away did not wait for us.
    if (cameAt !== undefined && cameAt >= openedAt)
      this.#metrics?.observeEventDelay?.(this.#clock.now() - cameAt);
    return events.at(-1)?.type === 'done';
  }
}
