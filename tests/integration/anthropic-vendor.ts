import { anthropic } from '../../src/providers/anthropic.ts';
import type { Vendor } from './transport-contract.ts';

const apiKey = 'sk-ant-test-0123456789';

function event(data: Readonly<Record<string, unknown>>): string {
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Anthropic as it is seen on the wire: its events, and its errors as they were recorded. */
export const anthropicVendor: Vendor = {
  apiKey,
  make: (root, fetch) =>
    anthropic({ baseURL: root, model: 'claude-sonnet-5', apiKey, ...(fetch === undefined ? {} : { fetch }) }),
  url: '/v1/messages',
  keyHeader: ['x-api-key', apiKey],
  opening: event({
    type: 'message_start',
    message: { model: 'm', usage: { input_tokens: 9, output_tokens: 1 } },
  }),
  say: (text) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  ending: `${event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } })}${event({ type: 'message_stop' })}`,
  overloaded: event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
  errors: [
    {
      what: 'a bad key',
      status: 401,
      headers: { 'x-should-retry': 'false', 'request-id': 'req_01' },
      body: {
        type: 'error',
        error: { type: 'authentication_error', message: `invalid x-api-key ${apiKey}` },
        request_id: 'req_01',
      },
      expected: { code: 'authentication', retryable: false, requestId: 'req_01', maybeAccepted: false },
    },
    {
      what: 'too many requests',
      status: 429,
      headers: { 'x-should-retry': 'true', 'retry-after': '12' },
      body: {
        type: 'error',
        error: { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' },
        request_id: 'req_02',
      },
      expected: {
        code: 'rate-limited',
        retryable: true,
        retryAfterMs: 12_000,
        requestId: 'req_02',
        vendorCode: 'rate_limit_error',
      },
    },
    {
      what: 'overload',
      status: 529,
      headers: { 'x-should-retry': 'true' },
      body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      expected: { code: 'overloaded', retryable: true },
    },
    {
      what: 'overload that is not to be tried again',
      status: 529,
      headers: { 'x-should-retry': 'false' },
      body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      expected: { code: 'overloaded', retryable: false },
    },
    {
      what: 'an error of the server',
      status: 500,
      body: { type: 'error', error: { type: 'api_error', message: 'Internal server error' } },
      expected: { code: 'server', retryable: true, maybeAccepted: true },
    },
    {
      what: 'a prompt that is too long',
      status: 400,
      body: {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
        },
      },
      expected: { code: 'context-overflow', retryable: false },
    },
    {
      what: 'a request that is too large',
      status: 413,
      body: {
        type: 'error',
        error: { type: 'request_too_large', message: 'Request exceeds the maximum size' },
      },
      expected: { code: 'context-overflow', retryable: false },
    },
    {
      what: 'no credit',
      status: 400,
      body: {
        type: 'error',
        error: {
          type: 'invalid_request_error',
          message: 'Your credit balance is too low to access the API.',
        },
      },
      expected: { code: 'quota', retryable: false },
    },
    {
      what: 'a model that is not there',
      status: 404,
      body: { type: 'error', error: { type: 'not_found_error', message: 'model: claude-none' } },
      expected: { code: 'not-found', retryable: false },
    },
    {
      what: 'an error with status 200',
      status: 200,
      body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      expected: { code: 'overloaded', retryable: true },
    },
  ],
};
