import { systemClock, type Clock } from '../../clock.ts';
import { KatamariError } from '../../errors.ts';
import { readRequest, signalOf, type CassetteFetch } from './cassette-fetch.ts';
import {
  parseCassette,
  type Cassette,
  type RecordedChunk,
  type RecordedExchange,
  type RecordedRequest,
} from './cassette.ts';
import { firstDifference } from './first-difference.ts';
import { cleanRequest, secretsOfRequest } from './remove-secrets.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** How fast: 1 as recorded, 2 twice as fast, `Infinity` without waiting. @defaultValue `Infinity` */
  readonly speed?: number;
  /** Times the waits. @defaultValue the machine's own */
  readonly clock?: Clock;
  /** Fields of the body that may differ, with dots: `metadata.trace_id`. @defaultValue none */
  readonly ignore?: readonly string[];
}

/** Plays a cassette. */
export interface Replayer {
  /**
   * To be passed to a provider. The first exchange that has not been played and whose method, path and body are those of the request
   * answers it; the host may be another.
   *
   * @throws KatamariError `invalid-input` where there is none: all have been played, or the request is another
   */
  readonly fetch: CassetteFetch;
  /** How many exchanges have not been played. */
  readonly remaining: number;
}

/**
 * A `fetch` that answers from a cassette, chunk by chunk as it was recorded, and makes no requests.
 *
 * @throws KatamariError `invalid-input` for what is no cassette
 */
export function replay(cassette: Cassette, options: ReplayOptions = {}): Replayer {
  const left = [...parseCassette(cassette).exchanges];
  const total = left.length;
  const { ignore = [] } = options;
  return {
    fetch: async (input, init) => {
      const signal = signalOf(input, init);
      signal?.throwIfAborted();
      const made = await readRequest(input, init);
      const asked = cleanRequest(made, secretsOfRequest(made));
      const index = left.findIndex(({ request }) => difference(request, asked, ignore) === undefined);
      const [exchange] = index === -1 ? [] : left.splice(index, 1);
      if (exchange === undefined) throw unknownRequest(asked, left[0]?.request, total, ignore);
      return play(exchange, signal, options);
    },
    get remaining() {
      return left.length;
    },
  };
}

/** Where the requests differ; `undefined` where they don't. */
function difference(
  recorded: RecordedRequest,
  asked: RecordedRequest,
  ignore: readonly string[],
): string | undefined {
  if (recorded.method !== asked.method) return 'method';
  if (pathOf(recorded.url) !== pathOf(asked.url)) return 'path';
  return firstDifference(recorded.body, asked.body, ignore);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** Names places, not values: a request may hold anything. */
function unknownRequest(
  asked: RecordedRequest,
  next: RecordedRequest | undefined,
  total: number,
  ignore: readonly string[],
): KatamariError {
  const what = `${asked.method} ${pathOf(asked.url)}`;
  if (next === undefined) {
    const message = `The cassette is exhausted: ${what} came after all of its ${total} exchanges had been played. Record it anew.`;
    return new KatamariError('invalid-input', message);
  }
  const where = difference(next, asked, ignore) ?? 'nothing';
  return new KatamariError(
    'invalid-input',
    `The cassette holds no such request: ${what} differs from the next one, ${next.method} ${pathOf(next.url)}, first in ${where}. Record it anew, or name the field in \`ignore\`.`,
  );
}

function play(
  { response, failure }: RecordedExchange,
  signal: AbortSignal | undefined,
  options: ReplayOptions,
): Response {
  if (response === undefined) {
    throw Object.assign(new TypeError('fetch failed'), { cause: { code: failure } });
  }
  const { status, headers, chunks, end } = response;
  const playhead = { atMs: 0 };
  const [first] = chunks;
  if (first === undefined && end === 'whole') return new Response(null, { status, headers: { ...headers } });
  const { speed = Infinity, clock = systemClock } = options;
  const waitUntil = async (afterMs: number): Promise<void> => {
    const ms = Math.max(0, afterMs - playhead.atMs) / speed;
    playhead.atMs = afterMs;
    if (ms > 0) await wait(ms, clock, signal);
    signal?.throwIfAborted();
  };
  return new Response(bodyOf(chunks, end === 'broken', waitUntil), { status, headers: { ...headers } });
}

function bodyOf(
  chunks: readonly RecordedChunk[],
  isBroken: boolean,
  waitUntil: (afterMs: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const left = chunks.values();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = left.next();
        if (done !== true) {
          await waitUntil(value.afterMs);
          controller.enqueue(bytesOf(value));
        } else if (isBroken) controller.error(new TypeError('terminated'));
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

function bytesOf({ text, base64 }: RecordedChunk): Uint8Array {
  if (base64 === undefined) return new TextEncoder().encode(text ?? '');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function wait(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
