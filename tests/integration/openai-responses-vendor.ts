import { openai } from '../../src/providers/openai.ts';
import type { Vendor } from './transport-contract.ts';

const apiKey = 'sk-test-0123456789abcdef';

function event(type: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

/** OpenAI Responses as it is seen on the wire: its events, and its errors as they were recorded. */
export const responsesVendor: Vendor = {
  apiKey,
  make: (root, fetch) =>
    openai({
      api: 'responses',
      baseURL: `${root}/v1`,
      model: 'gpt-5-mini',
      apiKey,
      ...(fetch === undefined ? {} : { fetch }),
    }),
  url: '/v1/responses',
  keyHeader: ['authorization', `Bearer ${apiKey}`],
  opening: event('response.created', { response: { status: 'in_progress' } }),
  say: (delta) => event('response.output_text.delta', { output_index: 0, delta }),
  ending: event('response.completed', {
    response: { status: 'completed', output: [], usage: { input_tokens: 9, output_tokens: 2 } },
  }),
  overloaded: event('error', {
    error: { type: 'server_error', code: 'engine_overloaded', message: 'Overloaded' },
  }),
  errors: [
    {
      what: 'a bad key',
      status: 401,
      body: {
        error: {
          message: `Incorrect API key provided: ${apiKey}.`,
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      },
      expected: { code: 'authentication', retryable: false, vendorCode: 'invalid_api_key' },
    },
    {
      what: 'too many requests',
      status: 429,
      headers: { 'retry-after': '1', 'retry-after-ms': '0', 'x-request-id': 'req_1' },
      body: {
        error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      },
      expected: { code: 'rate-limited', retryable: true, retryAfterMs: 1000, requestId: 'req_1' },
    },
    {
      what: 'no quota left',
      status: 429,
      body: {
        error: {
          message: 'You exceeded your current quota',
          type: 'insufficient_quota',
          param: null,
          code: 'insufficient_quota',
        },
      },
      expected: { code: 'quota', retryable: false },
    },
    {
      what: 'a prompt that is too long',
      status: 400,
      body: {
        error: {
          message: 'Your input exceeds the context window of this model.',
          type: 'invalid_request_error',
          param: 'input',
          code: 'context_length_exceeded',
        },
      },
      expected: { code: 'context-overflow', retryable: false },
    },
    {
      what: 'a gateway that is not to be tried again',
      status: 503,
      headers: { 'x-should-retry': 'false' },
      body: {
        error: { message: 'Provider returned error', code: 503, metadata: { raw: 'down for maintenance' } },
        user_id: 'u',
      },
      expected: { code: 'overloaded', retryable: false },
    },
    {
      what: 'an error with status 200',
      status: 200,
      body: { error: { message: 'The server had an error', type: 'server_error', code: null } },
      expected: { code: 'server', retryable: true },
    },
  ],
};
