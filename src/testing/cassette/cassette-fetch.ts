import { KatamariError } from '../../errors.ts';

/** A `fetch` that also takes what vendors' SDKs pass. */
export type CassetteFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** A request as it was made, secrets and all. */
export interface MadeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * Reads a request without using it up.
 *
 * @throws KatamariError `invalid-input` for a body that is a stream
 */
export async function readRequest(
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<MadeRequest> {
  if (init.body instanceof ReadableStream) {
    throw new KatamariError('invalid-input', 'A cassette takes requests whose body is a text, not a stream.');
  }
  const { signal: _signal, ...rest } = init;
  const request = new Request(input instanceof Request ? input.clone() : input, rest);
  return { method: request.method, url: request.url, headers: request.headers, text: await request.text() };
}

/** The signal that ends the request. */
export function signalOf(input: string | URL | Request, init: RequestInit = {}): AbortSignal | undefined {
  return init.signal ?? (input instanceof Request ? input.signal : undefined);
}
