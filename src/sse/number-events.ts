import type { ChainEvent } from '../event.ts';
import type { EventBatch } from './event-log.ts';

/** A run, as far as sending it goes. */
export interface SendableRun {
  readonly req_id?: string;
  /** All events, in the arrays in which they were read. */
  batches(): AsyncIterable<readonly ChainEvent[]>;
}

/** What can be sent: a run, a run's events one by one, or the batches of a `RunHost`. */
export type SSESource = SendableRun | AsyncIterable<ChainEvent> | AsyncIterable<EventBatch>;

type Item = ChainEvent | readonly ChainEvent[] | EventBatch;

/** Brings every source into one form, numbering events that have no number yet from 1. */
export class EventNumbers {
  #next = 1;

  /** The item as a batch; `undefined` where it holds no event. */
  number(item: Item): EventBatch | undefined {
    if ('seq' in item) return item;
    const events = 'type' in item ? [item] : item;
    if (events.length === 0) return undefined;
    const batch = { seq: this.#next, events };
    this.#next += events.length;
    return batch;
  }
}

/** An iterator over the source's own items. Nothing is read yet. */
export function iterateSource(source: SSESource): AsyncIterator<Item> {
  const items: AsyncIterable<Item> = 'batches' in source ? source.batches() : source;
  return items[Symbol.asyncIterator]();
}
