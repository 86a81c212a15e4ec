import { describe, expect, test } from 'vitest';

import { systemClock, type Clock } from '../../../src/clock.ts';
import { mapHttpError } from '../../../src/http/map-http-error.ts';

const secret = 'very-secret-token-value';
const { signal } = new AbortController();
const context = { provider: 'acme', secrets: [secret], clock: systemClock, signal };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text === '' ? null : text, { status, headers });
}

const google429 = {
  error: {
    code: 429,
    message: 'You exceeded your current quota, please check your plan and billing details.',
    status: 'RESOURCE_EXHAUSTED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ quotaId: 'GenerateRequestsPerMinutePerProject' }],
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ],
  },
};

describe('every recorded body', () => {
  test.each([
    [
      'OpenAI, bad key',
      401,
      {
        error: {
          message: 'Incorrect API key provided: sk-ab***yz.',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
        },
      },
      'authentication',
      false,
      'invalid_api_key',
    ],
    [
      'OpenAI, rate',
      429,
      {
        error: { message: 'Rate limit reached for requests', type: 'requests', code: 'rate_limit_exceeded' },
      },
      'rate-limited',
      true,
      'rate_limit_exceeded',
    ],
    [
      'OpenAI, quota',
      429,
      {
        error: {
          message: 'You exceeded your current quota',
          type: 'insufficient_quota',
          code: 'insufficient_quota',
        },
      },
      'quota',
      false,
      'insufficient_quota',
    ],
    [
      'OpenAI, model',
      404,
      {
        error: {
          message: 'The model `x` does not exist',
          type: 'invalid_request_error',
          code: 'model_not_found',
        },
      },
      'not-found',
      false,
      'model_not_found',
    ],
    [
      'OpenAI, too long',
      400,
      { error: { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' } },
      'context-overflow',
      false,
      'context_length_exceeded',
    ],
    [
      'OpenAI, too large for the minute',
      429,
      {
        error: {
          message: 'Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 20000.',
          type: 'tokens',
          code: 'rate_limit_exceeded',
        },
      },
      'context-overflow',
      false,
      'rate_limit_exceeded',
    ],
    [
      'OpenAI, server',
      500,
      { error: { message: 'The server had an error', type: 'server_error', code: null } },
      'server',
      true,
      'server_error',
    ],
    [
      'Azure, code as text',
      401,
      { error: { code: '401', message: 'Access denied due to invalid subscription key' } },
      'authentication',
      false,
      undefined,
    ],
    [
      'Azure, filter',
      400,
      {
        error: {
          message: 'filtered',
          type: null,
          code: 'content_filter',
          innererror: { code: 'ResponsibleAIPolicyViolation' },
        },
      },
      'content-filter',
      false,
      'content_filter',
    ],
    [
      'Anthropic, overloaded',
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' },
      'overloaded',
      true,
      'overloaded_error',
    ],
    [
      'Anthropic, credit',
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: 'Your credit balance is too low' } },
      'quota',
      false,
      'invalid_request_error',
    ],
    [
      'Anthropic, too long',
      400,
      {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
        },
      },
      'context-overflow',
      false,
      'invalid_request_error',
    ],
    ['Google, minute', 429, google429, 'rate-limited', true, 'RESOURCE_EXHAUSTED'],
    [
      'Google, bad key',
      400,
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
      'authentication',
      false,
      'INVALID_ARGUMENT',
    ],
    [
      'Google, day',
      429,
      {
        error: {
          code: 429,
          message: 'quota',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProject' }] }],
        },
      },
      'quota',
      false,
      'RESOURCE_EXHAUSTED',
    ],
    [
      'Google, in a list',
      503,
      [{ error: { code: 503, message: 'overloaded', status: 'UNAVAILABLE' } }],
      'overloaded',
      true,
      'UNAVAILABLE',
    ],
    ['Mistral, bad key', 401, { detail: 'Invalid API Key' }, 'authentication', false, undefined],
    [
      'Mistral, bad field',
      422,
      {
        object: 'error',
        message: {
          detail: [{ type: 'extra_forbidden', loc: ['body', 'x'], msg: 'Extra inputs are not permitted' }],
        },
        type: 'invalid_request_error',
      },
      'bad-request',
      false,
      'invalid_request_error',
    ],
    [
      'xAI, bad key',
      400,
      { code: 'invalid-argument', error: 'Incorrect API key provided: xa***yz' },
      'authentication',
      false,
      'invalid-argument',
    ],
    [
      'OpenRouter',
      429,
      {
        error: { message: 'Provider returned error', code: 429, metadata: { raw: 'too many for free tier' } },
        user_id: 'u',
      },
      'rate-limited',
      true,
      undefined,
    ],
    [
      'OpenRouter, credits',
      402,
      { error: { message: 'This request requires more credits', code: 402 } },
      'quota',
      false,
      undefined,
    ],
    [
      'DeepSeek',
      402,
      { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } },
      'quota',
      false,
      'invalid_request_error',
    ],
    ['Ollama', 404, { error: 'model "x" not found, try pulling it first' }, 'not-found', false, undefined],
    [
      'Perplexity',
      401,
      { error: { message: 'Invalid API key', type: 'invalid_api_key', code: 401 } },
      'authentication',
      false,
      'invalid_api_key',
    ],
    [
      'llama.cpp, too long',
      400,
      {
        error: {
          code: 400,
          message: 'the request exceeds the available context size',
          type: 'exceed_context_size_error',
        },
      },
      'context-overflow',
      false,
      'exceed_context_size_error',
    ],
    [
      'DashScope, filter',
      400,
      { error: { code: 'data_inspection_failed', message: 'inappropriate content' } },
      'content-filter',
      false,
      'data_inspection_failed',
    ],
    [
      'Cloudflare',
      400,
      { success: false, errors: [{ code: 5006, message: 'bad input' }] },
      'bad-request',
      false,
      undefined,
    ],
    [
      'a web page',
      502,
      '<html><head><title>502 Bad Gateway</title></head></html>',
      'server',
      true,
      undefined,
    ],
    ['nothing', 503, '', 'overloaded', true, undefined],
    ['plain text', 504, 'upstream request timeout', 'timeout', true, undefined],
    ['half a JSON', 500, '{"error":{"mess', 'server', true, undefined],
  ] as const)('%s', async (_who, status, body, code, retryable, vendorCode) => {
    const error = await mapHttpError(answer(status, body), context);
    expect({
      code: error.code,
      retryable: error.retryable,
      status: error.status,
      vendorCode: error.vendorCode,
    }).toEqual({
      code,
      retryable,
      status,
      vendorCode,
    });
    expect(error.message).toMatch(new RegExp(`^acme answered ${status}`));
  });
});

test.each([
  [408, true],
  [409, true],
  [425, true],
  [429, true],
  [500, true],
  [502, true],
  [529, true],
  [400, false],
  [403, false],
  [405, false],
  [418, false],
  [422, false],
])('status %i without a body: retryable %s', async (status, retryable) => {
  expect(await mapHttpError(answer(status, ''), context)).toMatchObject({ retryable, status });
});

test('how long to wait comes from headers and body, the longer one holds', async () => {
  expect((await mapHttpError(answer(429, google429), context)).retryAfterMs).toBe(34_400);
  expect((await mapHttpError(answer(429, google429, { 'retry-after': '40' }), context)).retryAfterMs).toBe(
    40_000,
  );
  expect((await mapHttpError(answer(503, '', { 'retry-after': '0' }), context)).retryAfterMs).toBe(0);
});

test('x-should-retry: false is final, true opens nothing that is final', async () => {
  expect((await mapHttpError(answer(503, '', { 'x-should-retry': 'false' }), context)).retryable).toBe(false);
  expect((await mapHttpError(answer(400, '', { 'x-should-retry': 'true' }), context)).retryable).toBe(false);
});

test('the request id, from header or body', async () => {
  expect((await mapHttpError(answer(500, '', { 'x-request-id': 'r1' }), context)).requestId).toBe('r1');
  expect(
    (await mapHttpError(answer(500, { error: { message: 'x' }, request_id: 'r2' }), context)).requestId,
  ).toBe('r2');
});

test.each([
  `Bad credential ${secret} for you`,
  'Incorrect API key provided: sk-proj-1234567890abcdef.',
  'Header Authorization: Bearer abcdefghijk was refused',
  'key AIzaSyA1234567890 is wrong',
  'invalid gsk_abcdefghijklmn',
])('no key in a message: %s', async (message) => {
  const bodies = [
    { error: { message, code: message } },
    message,
    { error: { message: 'x', metadata: { raw: message } } },
  ];
  for (const body of bodies) {
    const error = await mapHttpError(answer(401, body), context);
    const shown = `${String(error)} ${JSON.stringify(error)} ${error.vendorCode ?? ''}`;
    expect(shown).toContain('[redacted]');
    expect(shown).not.toMatch(/very-secret|1234567890|abcdefgh/);
  }
});

test('a long text is cut, between characters', async () => {
  const error = await mapHttpError(answer(400, { error: { message: '🍣'.repeat(5000) } }), context);
  expect(error.message.length).toBeLessThan(400);
  expect(/\p{Surrogate}/u.test(error.message)).toBe(false);
});

test('an endless body is read to a bound, and cancelled', async () => {
  let isCancelled = false;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      controller.enqueue(new Uint8Array(16_384).fill(0x20));
    },
    cancel() {
      isCancelled = true;
    },
  });
  const error = await mapHttpError(new Response(body, { status: 500 }), context);
  expect(error.code).toBe('server');
  expect(isCancelled).toBe(true);
  expect(sent).toBeLessThan(10);
});

test('a body that never ends is given up after a while', async () => {
  const timers: { ms: number; callback: () => void }[] = [];
  const clock: Clock = {
    now: () => 0,
    after(ms, callback) {
      timers.push({ ms, callback });
      return () => undefined;
    },
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"error":'));
    },
  });
  const mapped = mapHttpError(new Response(body, { status: 429 }), { ...context, clock });
  expect(timers.map(({ ms }) => ms)).toEqual([5000]);
  timers[0]?.callback();
  expect(await mapped).toMatchObject({ code: 'rate-limited', retryable: true });
});

test('a body that never ends is given up when the request is aborted', async () => {
  const controller = new AbortController();
  const mapped = mapHttpError(new Response(new ReadableStream(), { status: 500 }), {
    ...context,
    signal: controller.signal,
  });
  controller.abort();
  expect(await mapped).toMatchObject({ code: 'server' });
});
