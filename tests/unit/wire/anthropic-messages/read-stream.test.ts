import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../src/errors.ts';
import { readStream } from '../../../../src/wire/anthropic-messages/read-stream.ts';
import { textOfEvents } from '../../../support/context.ts';
import { replayWire, singleBytes, sse, type Replayed } from '../replay-wire.ts';

const { replay, replayText } = replayWire('anthropic-messages', readStream);

const start = {
  type: 'message_start',
  message: { model: 'm', usage: { input_tokens: 3, output_tokens: 1 } },
};
const stop = { type: 'message_stop' };

function say(text: string): unknown {
  return { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } };
}

function end(reason: string | null, usage: unknown = { output_tokens: 2 }): unknown {
  return { type: 'message_delta', delta: { stop_reason: reason }, usage };
}

function failure({ error }: Replayed): unknown {
  return error instanceof ProviderError ? [error.code, error.retryable] : error;
}

describe('the end', () => {
  test.each([
    ['nothing at all', '', 'empty-response', true],
    ['message_stop only', sse(stop), 'empty-response', true],
    ['pings only', sse({ type: 'ping' }, { type: 'ping' }), 'truncated', true],
    ['a start, then nothing', sse(start), 'truncated', true],
    ['a reason, but no message_stop', sse(start, say('a'), end('end_turn')), 'truncated', true],
    ['half an event', `${sse(start, say('a'))}data: {"type":"mess`, 'truncated', true],
    ['a broken event', `${sse(start, say('a'))}data: {"type":"mess\n\n`, 'malformed', true],
    ['a web page', '<html><title>Sign in</title>', 'malformed', false],
    ['a JSON document that is no answer', '{"ok":true}', 'malformed', true],
    [
      'a JSON error',
      JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
      'overloaded',
      true,
    ],
  ])('%s', (_what, text, code, retryable) => {
    expect(failure(replayText(text))).toEqual([code, retryable]);
    expect(failure(replay(singleBytes(new TextEncoder().encode(text))))).toEqual([code, retryable]);
  });

  test('nothing behind message_stop is read', () => {
    const { events, error } = replayText(`${sse(start, say('a'), end('end_turn'), stop)}data: {{{\n\n`);
    expect(error).toBeUndefined();
    expect(events).toHaveLength(2);
  });

  test.each([
    ['a word nobody knows', 'moon_phase', 'unknown', 'moon_phase'],
    ['none', null, 'unknown', null],
  ])('reason: %s', (_what, reason, finishReason, vendorReason) => {
    const { events } = replayText(sse(start, say('a'), end(reason), stop));
    expect(events.at(-1)).toMatchObject({ finishReason, vendorReason });
  });

  test('an answer that does not stream', () => {
    const content = [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'Whole.' },
      { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
    ];
    const body = {
      type: 'message',
      model: 'm',
      content,
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2 },
    };
    const { events } = replayText(JSON.stringify(body));
    expect(events).toMatchObject([
      { type: 'reasoning', text: 'hm' },
      { type: 'reasoning', providerData: { signature: 's' } },
      { type: 'token', text: 'Whole.' },
      { type: 'tool-call', id: 't', arguments: '{"a":1}' },
      {
        type: 'attempt-end',
        finishReason: 'tool-calls',
        usage: { token_in: 1, token_out: 2 },
        servedModel: 'm',
      },
    ]);
  });
});

describe('usage', () => {
  test('a later piece replaces what it names, null leaves what stands, nothing is added up', () => {
    const first = {
      type: 'message_start',
      message: { usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 8 } },
    };
    const last = {
      input_tokens: 12,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: 1,
      output_tokens: 9,
    };
    const { events } = replayText(
      sse(first, say('a'), end(null, { output_tokens: 4 }), end('end_turn', last), stop),
    );
    expect(events.at(-1)).toMatchObject({
      usage: { token_in: 18, token_out: 9, token_cache_read: 5, token_cache_write: 1 },
    });
  });

  test('none at all is null', () => {
    const { events } = replayText(
      sse({ type: 'message_start', message: {} }, say('a'), end('end_turn', null), stop),
    );
    expect(events.at(-1)).toMatchObject({ usage: null });
  });
});

describe('tool calls', () => {
  const call = (input: unknown): unknown => ({
    type: 'content_block_start',
    index: 1,
    content_block: { type: 'tool_use', id: 't', name: 'f', input },
  });
  const piece = (json: string, index = 1): unknown => ({
    type: 'content_block_delta',
    index,
    delta: { type: 'input_json_delta', partial_json: json },
  });

  test.each([
    ['input that comes whole', [call({ a: 1 })], '{"a":1}'],
    ['input in pieces', [call({}), piece(''), piece('{"a"'), piece(':"あ"}')], '{"a":"あ"}'],
    ['pieces of another block', [call({}), piece('{}'), piece('x', 7)], '{}'],
    ['no input', [call({})], '{}'],
    ['half a JSON that the model wrote itself', [call({}), piece('{"a')], '{"a'],
  ])('%s', (_what, events, args) => {
    const replayed = replayText(sse(start, ...events, end('tool_use'), stop));
    expect(replayed.events).toMatchObject([
      { type: 'tool-call', id: 't', arguments: args },
      { finishReason: 'tool-calls' },
    ]);
  });

  test.each([[[call({})]], [[call({}), piece('{"a')]]])(
    'cut off by length, half a call is not told',
    (events) => {
      const replayed = replayText(sse(start, ...events, end('max_tokens'), stop));
      expect(replayed.events.map(({ type }) => type)).toEqual(['attempt-end']);
    },
  );
});

describe('errors in the stream', () => {
  test.each([
    ['overloaded_error', 'overloaded', true],
    ['api_error', 'server', true],
    ['rate_limit_error', 'rate-limited', true],
    ['timeout_error', 'timeout', true],
    ['invalid_request_error', 'bad-request', false],
    ['authentication_error', 'authentication', false],
    ['permission_error', 'permission', false],
    ['billing_error', 'quota', false],
  ])('%s, behind the text that came before it', (type, code, retryable) => {
    const replayed = replayText(
      sse(start, say('So '), { type: 'error', error: { type, message: 'x' }, request_id: 'req_1' }),
    );
    expect(textOfEvents(replayed.events)).toBe('So ');
    expect(failure(replayed)).toEqual([code, retryable]);
    expect(replayed.error).toMatchObject({ maybeAccepted: true, requestId: 'req_1', vendorCode: type });
  });
});
