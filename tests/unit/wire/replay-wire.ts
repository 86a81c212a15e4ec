import { readFileSync } from 'node:fs';

import type { AttemptLabels, ChainEvent } from '../../../src/event.ts';
import { SseFeed } from '../../../src/wire/sse-feed.ts';
import type { ReaderOptions, StreamReader } from '../../../src/wire/stream-reader.ts';

export const labels: AttemptLabels = { req_id: 'run-1', call: 1, phase: 'answer', attempt: 1, answer: true };

/** What came of a stream: its events, and what was thrown after them. */
export interface Replayed {
  readonly events: ChainEvent[];
  readonly error: unknown;
}

/** Replays streams of one protocol. */
export interface Replay {
  /** The folder of its fixtures. */
  readonly folder: URL;
  /** The bytes of a fixture. */
  readonly fixture: (name: string) => Uint8Array;
  /** Feeds the pieces, one read each, and ends the body after them. */
  readonly replay: (pieces: readonly Uint8Array[]) => Replayed;
  /** Feeds a whole text as one read. */
  readonly replayText: (text: string) => Replayed;
}

/** A replay of the protocol whose fixtures lie in `folder`. */
export function replayWire(folder: string, readStream: (options: ReaderOptions) => StreamReader): Replay {
  const at = new URL(`../../fixtures/${folder}/`, import.meta.url);
  const replay = (pieces: readonly Uint8Array[]): Replayed => {
    const feed = new SseFeed(readStream({ labels, provider: 'test' }), 'test');
    const events: ChainEvent[] = [];
    try {
      for (const piece of pieces) if (feed.push(piece, events)) return { events, error: undefined };
      feed.end(events);
      return { events, error: undefined };
    } catch (error) {
      return { events, error };
    }
  };
  return {
    folder: at,
    fixture: (name) => readFileSync(new URL(`${name}.sse`, at)),
    replay,
    replayText: (text) => replay([new TextEncoder().encode(text)]),
  };
}

/** The bytes one by one. */
export function singleBytes(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
}

/** Events as a stream, one block each, with names where they have a type. */
export function sse(...events: readonly unknown[]): string {
  return events
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join('');
}
