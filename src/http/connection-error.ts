import { ProviderError } from '../errors.ts';
import { asRecord, asText } from '../wire/json-record.ts';

/** Failures that happen before a request can have been sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const timedOut = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/** Makes a {@link ProviderError} of what `fetch` rejected with: no answer came. The URL is left out, since it may hold a key. */
export function toConnectionError(error: unknown, provider: string): ProviderError {
  const word = errorCodeOf(error);
  const isTimeout = word !== undefined && timedOut.has(word);
  const what = isTimeout ? 'did not answer in time' : 'could not be reached';
  const hint = word === 'ECONNREFUSED' ? ' Is the server running, and is the base URL right?' : '';
  return new ProviderError(
    isTimeout ? 'timeout' : 'connection',
    `${provider} ${what}${word === undefined ? '' : ` (${word})`}.${hint}`,
    {
      retryable: true,
      cause: error,
      vendorCode: word,
      maybeAccepted: word === undefined || !neverSent.has(word),
    },
  );
}

/** The system's or the HTTP client's word: `fetch` wraps it as a cause, and several addresses as an `AggregateError`. */
function errorCodeOf(error: unknown, depth = 0): string | undefined {
  const record = asRecord(error);
  if (record === undefined || depth > 4) return undefined;
  const inner = errorCodeOf(record['cause'], depth + 1);
  if (inner !== undefined) return inner;
  const several = record['errors'];
  const first = Array.isArray(several) ? errorCodeOf(several[0], depth + 1) : undefined;
  const code = first ?? asText(record['code']);
  return code !== undefined && /^[A-Z0-9_]{2,40}$/.test(code) ? code : undefined;
}
