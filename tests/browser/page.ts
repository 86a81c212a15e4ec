import type { ChainEvent } from '../../src/event.ts';
import { connect } from '../../src/sse/index.ts';

/** What became of a run that the page has read. */
export interface PageOutcome {
  readonly events: readonly ChainEvent[];
  readonly error: string | undefined;
}

/** Reads a run to its end, to its failure, or until `stopAfter` events have come. */
async function readRun(path: string, stopAfter = Infinity): Promise<PageOutcome> {
  const events: ChainEvent[] = [];
  try {
    for await (const event of connect(path, { body: { messages: [] }, random: () => 0 })) {
      events.push(event);
      if (events.length >= stopAfter) break;
    }
  } catch (error) {
    return { events, error: (error as { code?: string }).code };
  }
  return { events, error: undefined };
}

Object.assign(globalThis, { readRun });
