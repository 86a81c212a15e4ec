import type { SSESource } from './number-events.ts';
import { toSSE, type SSEOptions } from './to-sse.ts';

/** How a response is made. */
export interface SSEResponseOptions extends SSEOptions {
  /** Further headers, for example `Content-Location`, where a reader finds the events when its connection breaks. */
  readonly headers?: HeadersInit;
}

/**
 * Chain events as an HTTP response of status 200, with headers that keep caches and proxies from holding them back or changing them, and
 * `X-Request-Id` where the source has an id.
 *
 * @throws KatamariError as {@link toSSE} does
 */
export function toSSEResponse(source: SSESource, options: SSEResponseOptions = {}): Response {
  const headers = new Headers(options.headers);
  headers.set('content-type', 'text/event-stream; charset=utf-8');
  // no-transform: compression would hold events back until a block is full.
  headers.set('cache-control', 'no-cache, no-transform');
  headers.set('x-accel-buffering', 'no');
  const req_id = 'batches' in source ? source.req_id : undefined;
  if (req_id !== undefined && !headers.has('x-request-id')) headers.set('x-request-id', req_id);
  return new Response(toSSE(source, options), { headers });
}
