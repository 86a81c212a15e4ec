import { systemClock, type Clock } from '../../clock.ts';
import { globalFetch } from '../../http/global-fetch.ts';
import { readRequest, type CassetteFetch, type MadeRequest } from './cassette-fetch.ts';
import type { Cassette, RecordedChunk, RecordedExchange, RecordedResponse } from './cassette.ts';
import { cleanRequest, maskBytes, secretsOfRequest } from './remove-secrets.ts';

/** Options of {@link record}. */
export interface RecordOptions {
  /** Makes the real requests. @defaultValue the global `fetch` */
  readonly fetch?: CassetteFetch;
  /** Texts that must not be recorded, besides those found in the requests' headers and queries; at least 6 characters each. @defaultValue none */
  readonly secrets?: readonly string[];
  /** Measures the waits. @defaultValue the machine's own */
  readonly clock?: Clock;
}

/** Records what passes through its `fetch`. */
export interface Recorder {
  /** To be passed to a provider. */
  readonly fetch: CassetteFetch;
  /** What has been recorded so far, without secrets. */
  readonly cassette: Cassette;
}

/** An exchange under way, secrets and all; they are removed when the cassette is taken. */
interface Take {
  readonly request: MadeRequest;
  status: number;
  headers: Readonly<Record<string, string>>;
  readonly chunks: { readonly afterMs: number; readonly bytes: Uint8Array }[];
  end: RecordedResponse['end'];
  failure: string | undefined;
}

/** Response headers that are kept. */
const responseHeaders = [
  'content-type',
  // Where a reader of katamari's own server goes on when its connection breaks.
  'content-location',
  'retry-after',
  'retry-after-ms',
  'x-should-retry',
  'x-request-id',
  'request-id',
  'location',
];

/** Statuses whose answer has no body. */
const bodiless: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

/**
 * A `fetch` that makes real requests and keeps what came of them, chunk by chunk with its time. Keys are taken out: headers are kept by
 * name only, queries without their values, and what stood in either is blotted out of the bodies too.
 *
 * @example
 * const recorder = record();
 * const provider = openai({ model, fetch: recorder.fetch });
 * // … use it …
 * await saveCassette('cassettes/hello.json', recorder.cassette);
 */
export function record(options: RecordOptions = {}): Recorder {
  const { fetch: send = globalFetch as CassetteFetch, secrets = [], clock = systemClock } = options;
  const takes: Take[] = [];
  return {
    fetch: async (input, init) => {
      const request = await readRequest(input, init);
      const take: Take = { request, status: 0, headers: {}, chunks: [], end: 'left', failure: undefined };
      takes.push(take);
      const startedAt = clock.now();
      try {
        const response = await send(input, init);
        return keep(response, take, () => clock.now() - startedAt);
      } catch (error) {
        take.failure = wordOf(error);
        throw error;
      }
    },
    get cassette(): Cassette {
      return { version: 1, exchanges: takes.map((take) => toExchange(take, secrets)) };
    },
  };
}

/** The same answer, whose body is noted as it is read. */
function keep(response: Response, take: Take, elapsed: () => number): Response {
  const { status, statusText, headers, body } = response;
  take.status = status;
  const kept = responseHeaders.map((name) => [name, headers.get(name)] as const);
  take.headers = Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== null));
  if (body === null || bodiless.has(status)) {
    take.end = 'whole';
    return response;
  }
  return new Response(tap(body, take, elapsed), { status, statusText, headers });
}

function tap(
  body: ReadableStream<Uint8Array>,
  take: Take,
  elapsed: () => number,
): ReadableStream<Uint8Array> {
  const source = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.read();
          if (done) {
            take.end = 'whole';
            controller.close();
            return;
          }
          take.chunks.push({ afterMs: Math.round(elapsed()), bytes: value.slice() });
          controller.enqueue(value);
        } catch (error) {
          take.end = 'broken';
          controller.error(error);
        }
      },
      cancel: (reason) => source.cancel(reason),
    },
    // Nothing is read ahead of the consumer.
    { highWaterMark: 0 },
  );
}

function toExchange(take: Take, more: readonly string[]): RecordedExchange {
  const secrets = secretsOfRequest(take.request, more);
  const request = cleanRequest(take.request, secrets);
  if (take.failure !== undefined) return { request, failure: take.failure };
  const { status, end } = take;
  const mask = (text: string): string =>
    new TextDecoder().decode(maskBytes(new TextEncoder().encode(text), secrets, true));
  const headers = Object.fromEntries(
    Object.entries(take.headers).map(([name, value]) => [name, mask(value)]),
  );
  return { request, response: { status, headers, chunks: toChunks(take, secrets), end } };
}

/** Secrets are looked for in the whole body, since a read may end inside of one. */
function toChunks({ chunks, status }: Take, secrets: readonly string[]): RecordedChunk[] {
  const whole = new Uint8Array(chunks.reduce((length, { bytes }) => length + bytes.length, 0));
  let start = 0;
  for (const { bytes } of chunks) {
    whole.set(bytes, start);
    start += bytes.length;
  }
  const masked = maskBytes(whole, secrets, status >= 400);
  start = 0;
  return chunks.map(({ afterMs, bytes }) => {
    const piece = masked.subarray(start, (start += bytes.length));
    return { afterMs, ...written(piece) };
  });
}

function written(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
  }
}

/** The system's word for why no answer came. */
function wordOf(error: unknown): string {
  const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  const word = [cause?.code, code, name].find((found) => typeof found === 'string');
  return word ?? 'unknown';
}
