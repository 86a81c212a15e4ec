import { readFileSync } from 'node:fs';

import type { AttemptLabels, ChainEvent } from '../../../../src/event.ts';
import { readStream } from '../../../../src/wire/openai-chat/read-stream.ts';
import { SseFeed } from '../../../../src/wire/sse-feed.ts';

const labels: AttemptLabels = { req_id: 'run-1', call: 1, phase: 'answer', attempt: 1, answer: true };

/** What came of a stream: its events, and what was thrown after them. */
export interface Replayed {
  readonly events: ChainEvent[];
  readonly error: unknown;
}

/** The bytes of a fixture. */
export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../../../fixtures/openai-chat/${name}.sse`, import.meta.url));
}

/** Feeds the pieces, one read each, and ends the body after them. */
export function replay(pieces: readonly Uint8Array[]): Replayed {
  const feed = new SseFeed(readStream({ labels, provider: 'test' }), 'test');
  const events: ChainEvent[] = [];
  try {
    for (const piece of pieces) if (feed.push(piece, events)) return { events, error: undefined };
    feed.end(events);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** Feeds a whole text as one read. */
export function replayText(text: string): Replayed {
  return replay([new TextEncoder().encode(text)]);
}
