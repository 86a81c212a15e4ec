import { ApiError } from './api-error.ts';

/** What may be said of a request. */
export interface JsonRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** The URL of a path of the API, under the address that the page was served from. */
export function apiUrl(path: string): string {
  return new URL(path, document.baseURI).href;
}

/**
 * Asks the server and reads its JSON.
 *
 * @throws ApiError what the server said, or `connection`; the signal's reason when it was aborted
 */
export async function requestJson<T>(path: string, request: JsonRequest = {}): Promise<T> {
  const { method = 'GET', body, signal } = request;
  const response = await send(path, {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  if (!response.ok) throw errorOf(response, text);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(apiUrl(path), init);
  } catch (error) {
    init.signal?.throwIfAborted();
    throw new ApiError('connection', error instanceof Error ? error.message : String(error));
  }
}

function errorOf(response: Response, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string } };
    return new ApiError(error.code, error.message, error);
  } catch {
    return new ApiError('unknown', `${response.status} ${response.statusText}`);
  }
}
