import type { ProviderError } from '../errors.ts';
import { toConnectionError } from '../http/connection-error.ts';
import { readRequestId } from '../http/map-http-error.ts';
import { readRetryAfter, readShouldRetry } from '../http/retry-after.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../wire/json-record.ts';
import { toProviderError } from '../wire/to-provider-error.ts';
import { readVendorError, type VendorError } from '../wire/vendor-error.ts';

/**
 * What a vendor's own client threw, as katamari's error. An answer is known by its status, a failed connection by its name or its cause; what
 * is neither is a mistake in the use of the client, and given back as it is.
 */
export function toClientError(error: unknown, provider: string): unknown {
  const record = asRecord(error);
  if (record === undefined) return error;
  const status = asNumber(record['status']);
  if (status !== undefined) return answered(record, status, provider);
  const name = error instanceof Error ? `${error.constructor.name} ${error.name} ${error.message}` : '';
  const isConnection = /Connection|fetch failed|error fetching from|network/i.test(name);
  return isConnection ? toConnectionError(error, provider) : error;
}

/** The body of an error as a client keeps it: whole, without its outermost `error`, or as the text of the message. */
export function bodyOfClientError(error: JsonRecord): unknown {
  const kept = error['error'];
  if (kept !== undefined && kept !== null)
    return asRecord(kept)?.['error'] === undefined ? { error: kept } : kept;
  const message = asText(error['message']) ?? '';
  // The JSON may stand behind a few words of the client's own.
  const body = parseJson(message.slice(Math.max(0, message.indexOf('{'))));
  if (asRecord(body) !== undefined) return body;
  // «[…]: Error fetching from <url>: [429 Too Many Requests] text [details]»: the URL is nobody's business.
  const said = /\[\d{3} [^\]]*\] ([^]*)$/.exec(message)?.[1] ?? message;
  const details = error['errorDetails'];
  const text = Array.isArray(details) ? said.replace(/ \[\{[^]*$/, '') : said;
  return { error: { message: text, details } };
}

function answered(error: JsonRecord, status: number, provider: string): ProviderError {
  const headers = error['headers'] instanceof Headers ? error['headers'] : new Headers();
  const vendor: VendorError | null = readVendorError(bodyOfClientError(error));
  return toProviderError(vendor, {
    provider,
    status,
    retryAfterMs: readRetryAfter(headers),
    requestId: readRequestId(headers),
    mayRetry: readShouldRetry(headers) ?? true,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
