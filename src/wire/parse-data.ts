import { ProviderError } from '../errors.ts';
import { asRecord, type JsonRecord } from './json-record.ts';

/** Parses the data of one event. @throws {@link ProviderError} `malformed` where it is no JSON object; the text itself is not quoted. */
export function parseData(data: string, provider: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // The cause is left out: V8 quotes the text in it.
    throw malformed(provider, 'sent an event that is not JSON');
  }
  const record = asRecord(value);
  if (record === undefined) throw malformed(provider, 'sent an event that is not a JSON object');
  return record;
}

/** An error for a stream that cannot be read. */
export function malformed(provider: string, what: string, retryable = true): ProviderError {
  return new ProviderError('malformed', `${provider} ${what}.`, { retryable, maybeAccepted: true });
}

/** An error for a stream that ended before its end. */
export function truncated(provider: string, cause?: unknown): ProviderError {
  return new ProviderError('truncated', `The answer of ${provider} broke off before its end.`, {
    retryable: true,
    maybeAccepted: true,
    cause,
  });
}
