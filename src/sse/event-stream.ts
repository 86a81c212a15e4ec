import type { Clock } from '../clock.ts';
import { ProviderError, type ErrorCode } from '../errors.ts';
import { readRequestId } from '../http/map-http-error.ts';
import { readBounded } from '../http/read-bounded.ts';
import { readRetryAfter } from '../http/retry-after.ts';
import { asRecord, asText, type JsonRecord } from '../wire/json-record.ts';
import { redact } from '../wire/redact.ts';

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'authentication',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  410: 'gone',
  429: 'rate-limited',
  503: 'overloaded',
  504: 'timeout',
};

/** What reading the body of a refusal needs. */
export interface RefusalContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What must not appear in the message. */
  readonly secrets: readonly string[];
}

/** The body of an answer that is an event stream. @throws {@link ProviderError} where it is none: {@link responseError}'s, or `malformed` */
export async function eventStream(
  response: Response,
  context: RefusalContext,
): Promise<ReadableStream<Uint8Array>> {
  if (!response.ok) throw await responseError(response, context);
  const type = response.headers.get('content-type') ?? '';
  if (response.body !== null && /^text\/event-stream\b/i.test(type)) return response.body;
  response.body?.cancel().catch(() => undefined);
  throw new ProviderError(
    'malformed',
    'The server answered with something that is no event stream; check the address.',
    { status: response.status },
  );
}

/** The error of a refusal: what its body says in the form `{ error: { code, message, retryable } }`, else what its status says. */
async function responseError(response: Response, context: RefusalContext): Promise<ProviderError> {
  const { status, headers } = response;
  const body = bodyError(await readBounded(response.body, context.clock, context.signal));
  const code = (asText(body?.['code']) ?? byStatus[status] ?? codeOf(status)) as ErrorCode;
  const said = asText(body?.['message']) ?? saidBy(response);
  const retryable = body?.['retryable'];
  return new ProviderError(code, redact(said, context.secrets).slice(0, 2000), {
    retryable: typeof retryable === 'boolean' ? retryable : status >= 500 || status === 408 || status === 429,
    status,
    retryAfterMs: readRetryAfter(headers),
    requestId: readRequestId(headers),
  });
}

/** A browser does not show where a redirect leads, nor its status. */
function saidBy({ status, type }: Response): string {
  return type === 'opaqueredirect' || (status >= 300 && status < 400)
    ? 'The server redirects, which is not followed since headers would go with it: give the address to which it leads.'
    : `The server answered ${status} in place of an event stream.`;
}

function codeOf(status: number): ErrorCode {
  if (status >= 500) return 'server';
  return status >= 200 && status < 300 ? 'malformed' : 'bad-request';
}

function bodyError(text: string): JsonRecord | undefined {
  try {
    return asRecord(asRecord(JSON.parse(text))?.['error']);
  } catch {
    return undefined;
  }
}
