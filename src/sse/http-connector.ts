import type { Clock } from '../clock.ts';
import { isKatamariError, ProviderError } from '../errors.ts';
import type { FetchFunction } from '../http/post-stream.ts';
import { requestStream } from '../http/request-stream.ts';
import { secretsOf } from '../wire/redact.ts';
import { eventStream } from './event-stream.ts';
import type { Progress } from './frame-reader.ts';
import type { Connector } from './remote-events.ts';

/** Wait before the first reconnection, doubled before each further one, in milliseconds. */
const BASE_DELAY_MS = 1000;

/** A server that asks for a longer wait is not asked again, in milliseconds. */
const MAX_DELAY_MS = 60_000;

/** What the connections of one reading have in common. */
export interface HttpConnectorOptions {
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: FetchFunction | undefined;
  readonly clock: Clock;
  readonly idleMs: number;
  readonly maxReconnects: number;
  readonly random: () => number;
}

/** Connections over HTTP: the first starts the run or reads it, the others go on where the one before broke. */
export class HttpConnector implements Connector {
  readonly #options: HttpConnectorOptions;
  /** Where the run's events are read; unknown before a POST was answered. */
  #eventsUrl: string | undefined;
  #isStarted: boolean;

  constructor(options: HttpConnectorOptions) {
    this.#options = options;
    this.#isStarted = options.body === undefined;
    this.#eventsUrl = this.#isStarted ? options.url : undefined;
  }

  async open({ last = 0 }: Progress, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { url, body, headers, fetch, clock } = this.#options;
    const isStart = !this.#isStarted;
    this.#isStarted = true;
    const response = await this.#withinTime(signal, (signal) =>
      requestStream({
        url: this.#eventsUrl ?? url,
        headers: {
          ...headers,
          accept: 'text/event-stream',
          ...(last > 0 && { 'last-event-id': String(last) }),
        },
        ...(isStart && { body }),
        signal,
        who: 'The server',
        fetch,
      }),
    );
    if (isStart && response.ok) this.#eventsUrl = eventsUrlOf(response, url);
    return eventStream(response, { clock, signal, secrets: secretsOf(headers) });
  }

  delayMs(error: unknown, failures: number, { retryMs }: Progress): number | null {
    if (this.#eventsUrl === undefined || failures > this.#options.maxReconnects) return null;
    if (!isKatamariError(error) || !error.retryable) return null;
    const { status, retryAfterMs = 0 } = error as Partial<ProviderError>;
    if (status !== undefined && status < 500) return null;
    const backoff = BASE_DELAY_MS * 2 ** (failures - 1);
    const asked = Math.max(retryMs, retryAfterMs);
    if (asked > MAX_DELAY_MS) return null;
    return Math.max(asked, backoff * (1 + 0.25 * this.#options.random()));
  }

  /** A server that does not even send headers is no better than one that falls silent. */
  async #withinTime(
    signal: AbortSignal,
    request: (signal: AbortSignal) => Promise<Response>,
  ): Promise<Response> {
    const { clock, idleMs } = this.#options;
    const limit = new AbortController();
    const onAbort = (): void => {
      limit.abort(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const cancelTimer =
      idleMs === Infinity ? undefined : clock.after(idleMs, () => limit.abort(noAnswer(idleMs)));
    try {
      // The signal of the request ends the body, too: so it stays the one that outlives this wait.
      return await request(limit.signal);
    } finally {
      cancelTimer?.();
      signal.removeEventListener('abort', onAbort);
    }
  }
}

function noAnswer(ms: number): ProviderError {
  return new ProviderError('timeout', `The server did not answer within ${ms} ms.`, {
    retryable: true,
    maybeAccepted: true,
  });
}

/** Where a broken stream goes on. Only on the server that was asked: the caller's headers go there. */
function eventsUrlOf(response: Response, url: string): string | undefined {
  const location = response.headers.get('content-location');
  if (location === null) return undefined;
  const base = response.url === '' ? url : response.url;
  if (URL.canParse(base)) {
    if (!URL.canParse(location, base)) return undefined;
    const resolved = new URL(location, base);
    return resolved.origin === new URL(base).origin ? resolved.href : undefined;
  }
  // In a browser an address may lack its origin; so may this one then.
  return /^\/(?![/\\])/.test(location) ? location : undefined;
}
