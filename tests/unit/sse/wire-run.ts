import type { Clock } from '../../../src/clock.ts';
import type { ChainEvent } from '../../../src/event.ts';

const labels = { req_id: 'run-1', call: 1, phase: 'answer', attempt: 1, answer: true } as const;

/** A small run, as it would be told: both languages, line feeds, an emoji, halves of one. */
export const run: readonly ChainEvent[] = [
  { type: 'step-start', req_id: 'run-1', step: 'trim' },
  ...['月末は', '31日\n\n', 'です。', 'data: x\r\nid: 7\n\n', '🙂', '\ud83d', '\u2028', ''].map(
    (text) => ({ type: 'token', ...labels, text }) as const,
  ),
  { type: 'step-end', req_id: 'run-1', step: 'trim', latency_ms: 3 },
  { type: 'done', req_id: 'run-1', finishReason: 'stop' },
];

/** The bytes of the stream of a run behind `after`. */
export function bytesOf(
  events: readonly ChainEvent[] = run,
  after = 0,
  lineEnd = '\n',
): Uint8Array<ArrayBuffer> {
  const frames = events
    .slice(after)
    .map((event, index) => `id: ${after + index + 1}\ndata: ${JSON.stringify(event)}\n\n`);
  const text = `retry: 1000\n: ping\n\n${frames.join(': ping\n\n')}`;
  return new TextEncoder().encode(text.replaceAll('\n', lineEnd));
}

/** How a body ends: as if all were well, or as when a connection breaks. */
export type Ending = 'close' | 'error' | 'hang';

/** A response whose body comes in the given pieces. `cancelled` is called when its reader lets go. */
export function respond(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  { ending = 'close', headers = {}, cancelled = () => undefined }: Partial<RespondOptions> = {},
): Response {
  let next = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const piece = pieces[next++];
        if (piece !== undefined) controller.enqueue(piece);
        else if (ending === 'close') controller.close();
        else if (ending === 'error') controller.error(new TypeError('terminated'));
      },
      cancel: () => cancelled(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': 'text/event-stream', ...headers } });
}

export interface RespondOptions {
  readonly ending: Ending;
  readonly headers: Readonly<Record<string, string>>;
  readonly cancelled: () => void;
}

/** Limits that a test does not want to strike, in milliseconds: of silence, of an error's body. */
const LIMITS = new Set([60_000, 5000]);

/** A clock for which every wait is over in the next microtask; remembers the waits. */
export function hastyClock(): Clock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    after(ms, callback) {
      if (LIMITS.has(ms)) return () => undefined;
      waits.push(ms);
      let isWanted = true;
      queueMicrotask(() => {
        if (isWanted) callback();
      });
      return () => {
        isWanted = false;
      };
    },
  };
}
