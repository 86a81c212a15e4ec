import { toJsonText } from '../wire/json-text.ts';
import { fetchOrAbort } from './fetch-or-abort.ts';
import { globalFetch } from './global-fetch.ts';
import type { FetchFunction } from './post-stream.ts';

/** A request whose answer may be a stream. */
export interface StreamRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON with POST. @defaultValue `undefined`: a GET */
  readonly body?: unknown;
  /** Aborts the request, and the body after it. */
  readonly signal: AbortSignal;
  /** Who is asked, for messages. */
  readonly who: string;
  /** @defaultValue the global `fetch`, looked up when the request is made */
  readonly fetch?: FetchFunction | undefined;
}

/**
 * Makes a request and gives back the answer, of whatever status, with its body unread. A redirect is not followed, since headers with keys
 * would go with it.
 *
 * @throws {@link ProviderError} where no answer comes; the signal's reason, when it is aborted
 */
export function requestStream({ url, headers, body, signal, who, fetch }: StreamRequest): Promise<Response> {
  const doFetch: FetchFunction = fetch ?? globalFetch;
  const payload =
    body === undefined
      ? { method: 'GET', headers }
      : {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: toJsonText(body),
        };
  const init: RequestInit = { ...payload, signal, redirect: 'manual' };
  return fetchOrAbort(async () => doFetch(url, init), signal, who);
}
