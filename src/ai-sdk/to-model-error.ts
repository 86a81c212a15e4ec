import { isKatamariError, ProviderError, type ErrorCode, type KatamariError } from '../errors.ts';
import { toConnectionError } from '../http/connection-error.ts';
import { readRequestId } from '../http/map-http-error.ts';
import { readRetryAfter, readShouldRetry } from '../http/retry-after.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../wire/json-record.ts';
import { malformed, truncated } from '../wire/parse-data.ts';
import { toProviderError } from '../wire/to-provider-error.ts';
import { readVendorError, type VendorError } from '../wire/vendor-error.ts';

/** Where the model failed. */
export interface ModelFailure {
  /** The provider's name, for the message. */
  readonly provider: string;
  /** Whether anything of the answer has come before. */
  readonly hasContent: boolean;
}

/** What the AI SDK's own errors mean that come of no answer of the host's. */
const byName: Readonly<Record<string, ErrorCode>> = {
  AI_LoadAPIKeyError: 'authentication',
  AI_LoadSettingError: 'invalid-input',
  AI_NoSuchModelError: 'not-found',
  AI_UnsupportedFunctionalityError: 'bad-request',
  AI_InvalidPromptError: 'bad-request',
  AI_InvalidArgumentError: 'bad-request',
  AI_NoSuchProviderReferenceError: 'bad-request',
};

/** Errors of reading an answer: their messages quote it, so they are not handed on. */
const unreadable = new Set(['AI_JSONParseError', 'AI_TypeValidationError', 'AI_InvalidResponseDataError']);

/**
 * Makes the error that katamari throws of what a model threw, or sent as an error part. The AI SDK's own error is never its cause: it holds the
 * whole request, and the URL, which may hold a key.
 */
export function toModelError(error: unknown, failure: ModelFailure): KatamariError {
  if (isKatamariError(error)) return error;
  const { provider } = failure;
  const record = asRecord(error);
  if (record === undefined) return toProviderError(readVendorError({ error }), { provider });
  const name = asText(record['name']) ?? '';
  const code = byName[name];
  if (code !== undefined) return ownError(code, record, provider);
  if (unreadable.has(name)) return malformed(provider, 'sent an answer that the AI SDK cannot read');
  if (name === 'AI_EmptyResponseBodyError' || name === 'AI_NoContentGeneratedError') {
    const message = `${provider} answered without a body.`;
    return new ProviderError('empty-response', message, { retryable: true, maybeAccepted: true });
  }
  const status = asNumber(record['statusCode']);
  if (status !== undefined && status >= 400) return hostError(record, status, provider);
  // An APICallError without the status of a failure wraps what broke: the connection, or the reading of a good answer.
  if (name === 'AI_APICallError')
    return toModelError(record['cause'] ?? new TypeError('terminated'), failure);
  if (!(error instanceof Error))
    return toProviderError(vendorErrorOf(record), { provider, mayRetry: mayRetry(record) });
  return brokenOrUnknown(error, failure);
}

/** The host answered with an error, or, where the record is no error but plain data, sent one in its stream. */
function hostError(record: JsonRecord, status: number, provider: string): ProviderError {
  const vendor = vendorErrorOf(record);
  const isAnswer = record instanceof Error;
  if (!isAnswer) {
    const hinted = vendor === null ? null : { ...vendor, status: vendor.status ?? status };
    return toProviderError(hinted, { provider, mayRetry: mayRetry(record) });
  }
  const headers = headersOf(record['responseHeaders']);
  return toProviderError(vendor, {
    provider,
    status,
    retryAfterMs: readRetryAfter(headers),
    requestId: readRequestId(headers),
    mayRetry: (readShouldRetry(headers) ?? true) && mayRetry(record),
  });
}

/** The body says the most; what the SDK made of it says less. */
function vendorErrorOf(record: JsonRecord): VendorError | null {
  const bodies = [parseJson(record['responseBody']), record['data'], record];
  for (const body of bodies) {
    const vendor = readVendorError(asRecord(asRecord(body)?.['response']) ?? body);
    if (vendor !== null) return vendor;
  }
  return null;
}

/** The SDK's own rule calls 408, 409, 429 and 5xx retryable: only where it would, a no is the provider's. */
function mayRetry(record: JsonRecord): boolean {
  const status = asNumber(record['statusCode']);
  const isRule = status === undefined || status >= 500 || status === 408 || status === 409 || status === 429;
  return !(isRule && record['isRetryable'] === false);
}

function ownError(code: ErrorCode, record: JsonRecord, provider: string): ProviderError {
  const { message } = toProviderError(readVendorError({ message: record['message'] }), { provider });
  return new ProviderError(code, message);
}

/** A connection that broke, a time limit of the caller's own `fetch`, or a mistake in the model's code. */
function brokenOrUnknown(error: Error, { provider, hasContent }: ModelFailure): KatamariError {
  if (error.name === 'TimeoutError') {
    const message = `${provider} did not answer within a time limit of the caller's own.`;
    return new ProviderError('timeout', message, { retryable: true, maybeAccepted: true, cause: error });
  }
  if (!isBroken(error)) {
    const message = `The model of ${provider} threw an error of its own; see \`cause\`.`;
    return new ProviderError('unknown', message, error.name.startsWith('AI_') ? {} : { cause: error });
  }
  return hasContent ? truncated(provider, error) : toConnectionError(error, provider);
}

/** The words of Node, Chromium, Firefox and Safari, and the codes of systems and HTTP clients. */
function isBroken(error: Error, depth = 0): boolean {
  if (error.name === 'AbortError') return true;
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string' && /^(?:E[A-Z_]{3,}|UND_ERR_\w+|Connection\w+|FailedToOpenSocket)$/.test(code))
    return true;
  if (/^(?:fetch failed|terminated|failed to fetch|network ?error.*|load failed)$/i.test(error.message))
    return true;
  return cause instanceof Error && depth < 4 && isBroken(cause, depth + 1);
}

function headersOf(value: unknown): Headers {
  const headers = new Headers();
  for (const [name, text] of Object.entries(asRecord(value) ?? {})) {
    if (/^(?:retry-after(?:-ms)?|x-should-retry|[\w-]*request-?id)$/i.test(name) && typeof text === 'string')
      headers.set(name, text);
  }
  return headers;
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
