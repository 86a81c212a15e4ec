import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { toModelError } from '../../../src/ai-sdk/to-model-error.ts';
import { KatamariError } from '../../../src/errors.ts';

const before = { provider: 'acme.chat', hasContent: false };

/** What the packages throw: an `APICallError` holds the URL with its key, the whole request and all headers. */
function callError(fields: object): Error {
  return Object.assign(new Error('Too Many Requests'), {
    name: 'AI_APICallError',
    url: 'https://example.com/v1?key=geheim-in-url',
    requestBodyValues: { messages: ['geheim-im-text'] },
    isRetryable: false,
    ...fields,
  });
}

function sdkError(name: string, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), { name, ...fields });
}

describe('an answer that is an error', () => {
  it('is read from its body, with what the headers say', () => {
    const error = callError({
      statusCode: 429,
      isRetryable: true,
      responseBody: '{"error":{"message":"Slow down, sk-abcdefghijkl","type":"rate_limit_error"}}',
      data: { error: { message: 'Slow down' } },
      responseHeaders: {
        'retry-after': '7',
        'x-request-id': 'req_1',
        'set-cookie': 'geheim-im-cookie',
        'bad\n': 'x',
      },
    });
    const found = toModelError(error, before);
    expect(found).toMatchObject({
      code: 'rate-limited',
      retryable: true,
      status: 429,
      retryAfterMs: 7000,
      requestId: 'req_1',
      vendorCode: 'rate_limit_error',
      maybeAccepted: false,
    });
    expect(found.message).toBe('acme.chat answered 429: Slow down, [redacted].');
    expect(inspect(found, { depth: 9 })).not.toMatch(/geheim|abcdefgh/);
  });

  it.each([
    [
      { statusCode: 401, data: { error: { message: 'no', code: 'invalid_api_key' } } },
      'authentication',
      false,
    ],
    [
      { statusCode: 400, responseBody: '{"error":{"message":"prompt is too long"}}' },
      'context-overflow',
      false,
    ],
    [{ statusCode: 429, isRetryable: true, data: { error: { code: 'insufficient_quota' } } }, 'quota', false],
    [{ statusCode: 503, isRetryable: true, responseBody: '<html>' }, 'overloaded', true],
    [{ statusCode: 503, isRetryable: false }, 'overloaded', false],
    [{ statusCode: 425, isRetryable: false }, 'server', true],
    [{ statusCode: 500, isRetryable: true, responseHeaders: { 'x-should-retry': 'false' } }, 'server', false],
    [
      {
        statusCode: 500,
        isRetryable: true,
        responseBody:
          '{"type":"response.failed","response":{"error":{"code":"server_error","message":"oops"}}}',
      },
      'server',
      true,
    ],
  ])('keeps its kind: %o', (fields, code, retryable) => {
    expect(toModelError(callError(fields), before)).toMatchObject({
      code,
      retryable,
      status: fields.statusCode,
    });
  });

  it('may come of a gateway, in its own words', () => {
    const error = sdkError('GatewayRateLimitError', 'Rate limit exceeded', {
      statusCode: 429,
      type: 'rate_limit_exceeded',
      isRetryable: true,
      cause: callError({}),
    });
    const found = toModelError(error, before);
    expect(found).toMatchObject({ code: 'rate-limited', retryable: true, vendorCode: 'rate_limit_exceeded' });
    expect(inspect(found, { depth: 9 })).not.toContain('geheim');
  });
});

describe('an error part', () => {
  it.each([
    [{ message: 'Overloaded', type: 'overloaded_error' }, 'overloaded', true],
    [{ error: { message: '混雑', code: 'rate_limit_exceeded' } }, 'rate-limited', true],
    [{ message: 'gone', statusCode: 503, isRetryable: true, data: { message: 'gone' } }, 'overloaded', true],
    [
      {
        message: 'no',
        statusCode: 429,
        isRetryable: false,
        data: { code: 'insufficient_quota', message: 'no' },
      },
      'quota',
      false,
    ],
    ['overloaded', 'unknown', true],
    [undefined, 'unknown', true],
  ])('is read as the vendor’s words: %o', (error, code, retryable) => {
    expect(toModelError(error, before)).toMatchObject({ code, retryable, maybeAccepted: true });
  });
});

describe('a connection that breaks', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const reset = new TypeError('terminated', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) });

  it('is found inside of what the SDK makes of it', () => {
    const found = toModelError(callError({ cause: refused, isRetryable: true }), before);
    expect(found).toMatchObject({
      code: 'connection',
      retryable: true,
      vendorCode: 'ECONNREFUSED',
      maybeAccepted: false,
    });
    expect(inspect(found, { depth: 9 })).not.toContain('geheim');
    const nested = callError({ statusCode: 200, cause: callError({ statusCode: 200, cause: reset }) });
    expect(toModelError(nested, before)).toMatchObject({ code: 'connection', maybeAccepted: true });
    expect(toModelError(nested, { ...before, hasContent: true })).toMatchObject({
      code: 'truncated',
      retryable: true,
    });
    expect(toModelError(callError({}), before)).toMatchObject({ code: 'connection' });
  });

  it.each([
    [new TypeError('Failed to fetch'), 'connection'],
    [new TypeError('NetworkError when attempting to fetch resource.'), 'connection'],
    [new DOMException('gone', 'AbortError'), 'connection'],
    [new DOMException('late', 'TimeoutError'), 'timeout'],
  ])('is known by the words of every runtime: %o', (error, code) => {
    expect(toModelError(error, before)).toMatchObject({ code, retryable: true });
  });
});

describe('the SDK’s own errors', () => {
  it.each([
    ['AI_LoadAPIKeyError', 'authentication', false],
    ['AI_LoadSettingError', 'invalid-input', false],
    ['AI_NoSuchModelError', 'not-found', false],
    ['AI_UnsupportedFunctionalityError', 'bad-request', false],
    ['AI_InvalidPromptError', 'bad-request', false],
    ['AI_EmptyResponseBodyError', 'empty-response', true],
  ])('%s is %s', (name, code, retryable) => {
    const found = toModelError(sdkError(name, 'だめです', { prompt: 'geheim' }), before);
    expect(found).toMatchObject({ code, retryable });
    expect(inspect(found, { depth: 9 })).not.toContain('geheim');
  });

  it.each(['AI_JSONParseError', 'AI_TypeValidationError', 'AI_InvalidResponseDataError'])(
    '%s is malformed, and does not quote the answer',
    (name) => {
      const error = callError({ statusCode: 200, cause: sdkError(name, 'Text: geheim', { text: 'geheim' }) });
      const found = toModelError(error, before);
      expect(found).toMatchObject({ code: 'malformed', retryable: true });
      expect(inspect(found, { depth: 9 })).not.toContain('geheim');
    },
  );

  it('says what is missing', () => {
    const found = toModelError(
      sdkError('AI_LoadAPIKeyError', 'The key is missing. Set ACME_API_KEY'),
      before,
    );
    expect(found.message).toContain('Set ACME_API_KEY');
  });
});

describe('other errors', () => {
  it('keep katamari’s own as they are', () => {
    const error = new KatamariError('invalid-input', 'x');
    expect(toModelError(error, before)).toBe(error);
  });

  it('are a mistake of the model’s, not repeated', () => {
    const mistake = new TypeError('x is not a function');
    expect(toModelError(mistake, before)).toMatchObject({
      code: 'unknown',
      retryable: false,
      cause: mistake,
    });
    expect(toModelError(sdkError('AI_NewError', 'x', { prompt: 'geheim' }), before).cause).toBeUndefined();
  });
});
