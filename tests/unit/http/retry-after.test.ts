import { expect, test } from 'vitest';

import { readRetryAfter, readShouldRetry } from '../../../src/http/retry-after.ts';

const now = Date.parse('2026-01-02T03:04:05Z');

test.each([
  [{}, undefined],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': ' 1.25 ' }, 1250],
  [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10_000],
  [{ 'retry-after': 'Fri, 02 Jan 2026 03:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '0' }, 0],
  [{ 'retry-after-ms': '1500.5' }, 1501],
  [{ 'retry-after-ms': '0', 'retry-after': '1' }, 1000],
  [{ 'retry-after-ms': '2500', 'retry-after': '2' }, 2500],
  [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, 2000],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '9'.repeat(400) }, undefined],
])('%o asks for %s ms', (headers, expected) => {
  expect(readRetryAfter(new Headers(headers as Record<string, string>), now)).toBe(expected);
});

test.each([
  ['true', true],
  ['False', false],
  ['maybe', undefined],
])('x-should-retry: %s', (value, expected) => {
  expect(readShouldRetry(new Headers({ 'x-should-retry': value }))).toBe(expected);
  expect(readShouldRetry(new Headers())).toBeUndefined();
});
