import { google } from '../../src/providers/google.ts';
import type { Vendor } from './transport-contract.ts';

const apiKey = 'AIzaTestKey0123456789';

function chunk(candidate: Readonly<Record<string, unknown>>): string {
  const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 2 };
  return `data: ${JSON.stringify({ candidates: [candidate], usageMetadata, modelVersion: 'm' })}\r\n\r\n`;
}

function refusal(code: number, status: string, message: string, details: readonly unknown[] = []): unknown {
  return { error: { code, message, status, details } };
}

/** Google as it is seen on the wire: its events, and its errors as they were recorded. */
export const googleVendor: Vendor = {
  apiKey,
  make: (root, fetch) =>
    google({ baseURL: root, model: 'gemini-2.5-flash', apiKey, ...(fetch === undefined ? {} : { fetch }) }),
  url: '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  keyHeader: ['x-goog-api-key', apiKey],
  opening: '',
  say: (text) => chunk({ content: { role: 'model', parts: [{ text }] }, index: 0 }),
  ending: chunk({ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', index: 0 }),
  overloaded: `${JSON.stringify(refusal(503, 'UNAVAILABLE', 'The model is overloaded.'), null, 2)}\n`,
  errors: [
    {
      what: 'a bad key',
      status: 400,
      body: refusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'API_KEY_INVALID',
          domain: 'googleapis.com',
        },
      ]),
      expected: { code: 'authentication', retryable: false },
    },
    {
      what: 'too many requests, with the wait in the body only',
      status: 429,
      body: refusal(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
      ]),
      expected: { code: 'rate-limited', retryable: true, retryAfterMs: 34_400 },
    },
    {
      what: 'the quota of the day used up',
      status: 429,
      body: refusal(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
        { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] },
      ]),
      expected: { code: 'quota', retryable: false },
    },
    {
      what: 'overload, inside an array',
      status: 503,
      body: [refusal(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.')],
      expected: { code: 'overloaded', retryable: true },
    },
    {
      what: 'a prompt that is too long',
      status: 400,
      body: refusal(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      ),
      expected: { code: 'context-overflow', retryable: false },
    },
    {
      what: 'a model that is not there',
      status: 404,
      body: refusal(404, 'NOT_FOUND', 'models/gemini-none is not found for API version v1beta.'),
      expected: { code: 'not-found', retryable: false },
    },
    {
      what: 'no permission',
      status: 403,
      body: refusal(403, 'PERMISSION_DENIED', 'Generative Language API has not been used in project 1.'),
      expected: { code: 'permission', retryable: false },
    },
    {
      what: 'time run out',
      status: 504,
      body: refusal(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
      expected: { code: 'timeout', retryable: true, maybeAccepted: true },
    },
    {
      what: 'an error of the server',
      status: 500,
      body: refusal(500, 'INTERNAL', 'An internal error has occurred.'),
      expected: { code: 'server', retryable: true },
    },
    {
      what: 'an error with status 200',
      status: 200,
      body: refusal(503, 'UNAVAILABLE', 'The model is overloaded.'),
      expected: { code: 'overloaded', retryable: true },
    },
  ],
};
