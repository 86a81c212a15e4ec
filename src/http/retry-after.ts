/**
 * What the headers of an answer ask to wait, in milliseconds; `undefined` where they ask nothing that can be read.
 *
 * `Retry-After` holds seconds, also fractions of them, or an HTTP date; `retry-after-ms` milliseconds. Where both stand, the longer wait
 * holds. A moment in the past is a wait of 0.
 *
 * @param nowMs - Milliseconds since 1970-01-01 UTC.
 */
export function readRetryAfter(headers: Headers, nowMs: number = Date.now()): number | undefined {
  const precise = scaled(headers.get('retry-after-ms'), 1);
  const header = headers.get('retry-after');
  const coarse = scaled(header, 1000) ?? untilDate(header, nowMs);
  if (precise === undefined || coarse === undefined) return precise ?? coarse;
  return Math.max(precise, coarse);
}

/** What `x-should-retry` says, `undefined` where it is not there. */
export function readShouldRetry(headers: Headers): boolean | undefined {
  const value = headers.get('x-should-retry')?.trim().toLowerCase();
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

function scaled(value: string | null, factor: number): number | undefined {
  if (value === null || !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return undefined;
  const ms = Math.ceil(Number(value) * factor);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

function untilDate(value: string | null, nowMs: number): number | undefined {
  // A date names its month; `Date.parse` alone would read `-5` as a year.
  if (value === null || !/[A-Za-z]{3}/.test(value)) return undefined;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, Math.ceil(dateMs - nowMs));
}
