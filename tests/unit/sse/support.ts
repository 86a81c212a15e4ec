import type { ChainEvent } from '../../../src/event.ts';
import type { ReadOptions } from '../../../src/sse/event-log.ts';
import type { RunHost } from '../../../src/sse/run-host.ts';

/** All that is read, in one list. */
export async function eventsOf<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** What a reader of a hosted run sees, to the end or to the error. */
export async function readHosted(host: RunHost, req_id: string, options: ReadOptions = {}) {
  const events: ChainEvent[] = [];
  const seqs: number[] = [];
  try {
    for await (const batch of await host.events(req_id, options)) {
      for (const [index, event] of batch.events.entries()) {
        events.push(event);
        seqs.push(batch.seq + index);
      }
    }
  } catch (error) {
    return { events, seqs, error };
  }
  return { events, seqs, error: undefined };
}
