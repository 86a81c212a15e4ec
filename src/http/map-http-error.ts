import type { Clock } from '../clock.ts';
import type { ProviderError } from '../errors.ts';
import { toProviderError } from '../wire/to-provider-error.ts';
import { readVendorError, type VendorError } from '../wire/vendor-error.ts';
import { readBounded } from './read-bounded.ts';
import { readRetryAfter, readShouldRetry } from './retry-after.ts';

/** Who asked, and what must not be shown. */
export interface HttpErrorContext {
  /** The provider's name, for the message. */
  readonly provider: string;
  readonly secrets: readonly string[];
  readonly clock: Clock;
  /** Ends the reading of the body. */
  readonly signal: AbortSignal;
}

/** Makes the error of an answer whose status is not 2xx. Its body is read up to a bound in size and time, whatever its type says. */
export async function mapHttpError(response: Response, context: HttpErrorContext): Promise<ProviderError> {
  const text = await readBounded(response.body, context.clock, context.signal);
  return toProviderError(readVendorError(parseJson(text)) ?? plainText(text), {
    provider: context.provider,
    secrets: context.secrets,
    status: response.status,
    retryAfterMs: readRetryAfter(response.headers),
    requestId: readRequestId(response.headers),
    mayRetry: readShouldRetry(response.headers) ?? true,
  });
}

/** The provider's own id of the request, by the names that vendors give it. */
export function readRequestId(headers: Headers): string | undefined {
  for (const name of ['x-request-id', 'request-id', 'apim-request-id', 'x-amzn-requestid']) {
    const id = headers.get(name);
    if (id !== null && id !== '') return id.slice(0, 200);
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A short line of plain text says something; of a web page at most its title does. */
function plainText(text: string): VendorError | null {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1];
  const isPage = /^\s*</.test(text);
  const message = isPage ? (title ?? '') : text.length <= 300 ? text : '';
  if (message.trim() === '') return null;
  return {
    message: message.trim(),
    words: [],
    status: undefined,
    retryAfterMs: undefined,
    requestId: undefined,
  };
}
