import { systemClock, type Clock } from '../clock.ts';
import type { ChainEvent } from '../event.ts';
import { checkHeaders } from '../http/headers.ts';
import type { FetchFunction } from '../http/post-stream.ts';
import { OneByOne } from '../one-by-one.ts';
import { newProgress } from './frame-reader.ts';
import { HttpConnector } from './http-connector.ts';
import { checkAfter } from './log-errors.ts';
import { RemoteEvents } from './remote-events.ts';

/** How a run on a server is read. */
export interface ConnectOptions {
  /** Sent as JSON with POST, which starts a run. @defaultValue none: a GET, which reads one */
  readonly body?: unknown;
  /** Sent with every request, for example `authorization`. @defaultValue none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Number of the last event that was seen before. @defaultValue 0: from the beginning */
  readonly after?: number;
  /** Ends the reading with an error of code `aborted`. The run on the server goes on, for its grace time. */
  readonly signal?: AbortSignal;
  /** Reconnections in a row without a new event in between. @defaultValue 3 */
  readonly maxReconnects?: number;
  /** Silence, pings included, after which the connection counts as broken, in milliseconds; `Infinity` waits for ever. @defaultValue 60000 */
  readonly idleMs?: number;
  /**
   * Told when a connection broke and another will be made, for a line such as «reconnecting»: how long the wait is, in milliseconds, and how
   * many connections in a row brought nothing new, from 1. Must not throw. @defaultValue nobody is told
   */
  readonly onReconnect?: (delayMs: number, failures: number) => void;
  /** @defaultValue the global `fetch`, looked up when a request is made */
  readonly fetch?: FetchFunction;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Numbers from 0 to 1, for the jitter of reconnections. @defaultValue `Math.random` */
  readonly random?: () => number;
}

/**
 * Starts a run on a server, or reads one, and gives its events in order, none lost and none twice. Nothing is sent before the first pull.
 *
 * A connection that breaks is made again after 1, 2 and 4 s, with up to a quarter added at random, and never sooner than the server's
 * `retry` and `Retry-After` ask, with `Last-Event-ID`: for a GET at its own address, for a POST at the `Content-Location` of its answer. A new
 * event sets the count back. A POST is never sent twice. A status of 4xx is final. Leaving the loop closes the connection; the run on
 * the server goes on for its grace time.
 *
 * @throws KatamariError as {@link readSSE} does; `invalid-input` for options that can't be used
 */
export function connect(url: string | URL, options: ConnectOptions = {}): AsyncIterableIterator<ChainEvent> {
  const { after = 0, signal, idleMs = 60_000, clock = systemClock, onReconnect } = options;
  const { body, headers = {}, fetch, maxReconnects = 3, random = Math.random } = options;
  const connector = new HttpConnector({
    url: String(url),
    body,
    headers: checkHeaders(headers),
    fetch,
    clock,
    idleMs,
    maxReconnects,
    random,
  });
  const progress = newProgress(checkAfter(after));
  return new OneByOne(new RemoteEvents({ connector, progress, signal, idleMs, clock, onReconnect }));
}
