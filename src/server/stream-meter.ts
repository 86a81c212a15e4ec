import type { Clock } from '../clock.ts';
import { isKatamariError } from '../errors.ts';
import type { EventBatch } from '../sse/event-log.ts';
import type { MetricsSource } from './handler-options.ts';

/** Counts the streams of events to clients, and how long events are under way to them. */
export class StreamMeter {
  readonly #metrics: MetricsSource | undefined;
  readonly #clock: Clock;

  constructor(metrics: MetricsSource | undefined, clock: Clock) {
    this.#metrics = metrics;
    this.#clock = clock;
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
  #note({ events, at }: EventBatch, openedAt: number): boolean {
    // What came while the reader was away did not wait for us, and what came on another host has the time of another clock.
    if (at !== undefined && at >= openedAt) this.#metrics?.observeEventDelay?.(this.#clock.now() - at);
    return events.at(-1)?.type === 'done';
  }
}
