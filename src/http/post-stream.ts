import { systemClock, type Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import { toJsonText } from '../wire/json-text.ts';
import { secretsOf } from '../wire/redact.ts';
import { fetchOrAbort } from './fetch-or-abort.ts';
import { mapHttpError, readRequestId } from './map-http-error.ts';

/** What is used in place of the global `fetch`: for a proxy, a pool of connections, a recording. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** A request whose answer is a stream. */
export interface PostStreamOptions {
  readonly url: string;
  /** Checked by {@link checkHeaders} where they were made. `content-type` and `accept` are added. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
  /** Aborts the request, and the body after it. */
  readonly signal: AbortSignal;
  /** The provider's name, for messages. */
  readonly provider: string;
  /** What must not appear in an error. @defaultValue the values of `headers` */
  readonly secrets?: readonly string[];
  /** @defaultValue the global `fetch`, looked up when the request is made */
  readonly fetch?: FetchFunction | undefined;
  /** Bounds the time an error body may take. @defaultValue the machine's own */
  readonly clock?: Clock;
}

/** An answer that has begun. Whoever takes it reads the body to its end or cancels it. */
export interface PostedStream {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
  readonly requestId: string | undefined;
}

/**
 * Posts JSON and gives back the body of a 2xx answer, unread. Neither repeats nor times out: the chain does both.
 *
 * @throws {@link ProviderError} for every other status, a redirect, an answer without a body, and where no answer comes.
 * @throws the signal's reason, when it is aborted.
 */
export async function postStream(options: PostStreamOptions): Promise<PostedStream> {
  const { signal, provider } = options;
  signal.throwIfAborted();
  const secrets = options.secrets ?? secretsOf(options.headers);
  const response = await fetchOrAbort(() => send(options), signal, provider);
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    response.body?.cancel().catch(ignore);
    throw redirected(response, provider);
  }
  if (!response.ok) {
    const clock = options.clock ?? systemClock;
    const error = await mapHttpError(response, { provider, secrets, clock, signal });
    signal.throwIfAborted();
    throw error;
  }
  if (response.body === null) {
    throw new ProviderError('empty-response', `${provider} answered ${response.status} without a body.`, {
      retryable: true,
      status: response.status,
      requestId: readRequestId(response.headers),
      maybeAccepted: true,
    });
  }
  return {
    status: response.status,
    headers: response.headers,
    body: response.body,
    requestId: readRequestId(response.headers),
  };
}

async function send({ url, headers, body, signal, fetch }: PostStreamOptions): Promise<Response> {
  const doFetch: FetchFunction = fetch ?? globalThis.fetch;
  return doFetch(url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream, application/json',
      ...headers,
      'content-type': 'application/json',
    },
    body: toJsonText(body),
    signal,
    // A redirect would take headers such as `api-key` to another host: fetch strips `authorization` only.
    redirect: 'manual',
  });
}

function redirected(response: Response, provider: string): ProviderError {
  const location = response.headers.get('location');
  const origin = location !== null && URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  return new ProviderError(
    'bad-request',
    `${provider} redirects${origin}. A key does not follow a redirect: set the base URL to where it leads.`,
    { status: response.status },
  );
}

function ignore(): void {
  // The answer is not wanted any more; how its body ends does not matter.
}
