import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../src/errors.ts';
import { readStream } from '../../../../src/wire/openai-responses/read-stream.ts';
import { textOfEvents } from '../../../support/context.ts';
import { replayWire, singleBytes, sse, type Replayed } from '../replay-wire.ts';

const { replay, replayText } = replayWire('openai-responses', readStream);

const created = { type: 'response.created', response: { status: 'in_progress' } };

function say(delta: string, output_index = 0): unknown {
  return { type: 'response.output_text.delta', output_index, delta };
}

function completed(response: Readonly<Record<string, unknown>> = {}): unknown {
  return { type: 'response.completed', response: { status: 'completed', output: [], ...response } };
}

function message(text: string): unknown {
  return { type: 'message', content: [{ type: 'output_text', text }] };
}

function failure({ error }: Replayed): unknown {
  return error instanceof ProviderError ? [error.code, error.retryable] : error;
}

describe('the end', () => {
  test.each([
    ['nothing at all', '', 'empty-response', true],
    ['[DONE] only', sse('[DONE]'), 'empty-response', true],
    ['[DONE] without a terminal event', sse(created, say('a'), '[DONE]'), 'truncated', true],
    ['created, then nothing', sse(created), 'truncated', true],
    ['queued, then nothing', sse({ type: 'response.queued', response: {} }), 'truncated', true],
    ['half an event', `${sse(created, say('a'))}data: {"type":"resp`, 'truncated', true],
    ['a broken event', `${sse(created, say('a'))}data: {"type":"resp\n\n`, 'malformed', true],
    ['a web page', '<html></html>', 'malformed', false],
    ['a JSON document that is no answer', '{"ok":true}', 'malformed', true],
    ['a JSON error', JSON.stringify({ error: { message: 'x', type: 'server_error' } }), 'server', true],
    [
      'failed without a word',
      sse(created, { type: 'response.failed', response: { status: 'failed', error: null } }),
      'server',
      true,
    ],
    [
      'cancelled',
      sse(created, { type: 'response.cancelled', response: { status: 'cancelled' } }),
      'server',
      true,
    ],
    [
      'failed for the rate',
      sse({
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'x' } },
      }),
      'rate-limited',
      true,
    ],
    ['an error without a type', sse(created, { error: { message: 'x', code: 503 } }), 'overloaded', true],
  ])('%s', (_what, text, code, retryable) => {
    expect(failure(replayText(text))).toEqual([code, retryable]);
    expect(failure(replay(singleBytes(new TextEncoder().encode(text))))).toEqual([code, retryable]);
  });

  test('nothing behind the terminal event is read', () => {
    const { events, error } = replayText(`${sse(created, say('a'), completed())}data: {{{\n\n`);
    expect(error).toBeUndefined();
    expect(events).toHaveLength(2);
  });

  test('an incomplete answer of a kind nobody knows', () => {
    const response = { status: 'incomplete', incomplete_details: { reason: 'moon_phase' } };
    const { events } = replayText(sse(say('a'), { type: 'response.incomplete', response }));
    expect(events.at(-1)).toMatchObject({ finishReason: 'unknown', vendorReason: 'moon_phase', usage: null });
  });

  test('an answer that does not stream', () => {
    const output = [
      { type: 'reasoning', id: 'rs', summary: [{ text: 'a' }, { text: 'b' }], encrypted_content: 'e' },
      message('Whole.'),
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ];
    const { events } = replayText(
      JSON.stringify({
        object: 'response',
        status: 'completed',
        error: null,
        output,
        usage: { input_tokens: 1, output_tokens: 2 },
      }),
    );
    expect(events).toMatchObject([
      { type: 'reasoning', text: 'a\n\nb' },
      { type: 'reasoning', text: '', providerData: { id: 'rs', encrypted_content: 'e' } },
      { type: 'token', text: 'Whole.' },
      { type: 'tool-call', id: 'c' },
      { finishReason: 'tool-calls', usage: { token_in: 1, token_out: 2 } },
    ]);
  });
});

describe('items', () => {
  test('a text that came in pieces is not told again, whatever the places say', () => {
    const done = { type: 'response.output_item.done', output_index: 1, item: message('ab') };
    const { events } = replayText(
      sse(say('a', 1), say('b', 1), done, completed({ output: [message('ab')] })),
    );
    expect(textOfEvents(events)).toBe('ab');
  });

  test('a text that came in one piece is told', () => {
    const done = { type: 'response.output_item.done', output_index: 0, item: message('whole') };
    expect(textOfEvents(replayText(sse(done, completed({ output: [message('whole')] }))).events)).toBe(
      'whole',
    );
    expect(textOfEvents(replayText(sse(completed({ output: [message('late')] }))).events)).toBe('late');
  });

  test('events without places', () => {
    const delta = { type: 'response.output_text.delta', delta: 'x' };
    const done = { type: 'response.output_item.done', item: message('x') };
    expect(textOfEvents(replayText(sse(delta, done, completed({ output: [message('x')] }))).events)).toBe(
      'x',
    );
  });

  test('a refusal in one piece', () => {
    const item = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] };
    const { events } = replayText(
      sse({ type: 'response.output_item.done', output_index: 0, item }, completed()),
    );
    expect(events).toMatchObject([{ text: 'No.' }, { finishReason: 'refusal' }]);
  });

  test('a call that only the terminal event names is told once, tools of the host never', () => {
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' };
    const own = { type: 'web_search_call', id: 'ws', status: 'completed' };
    const { events } = replayText(
      sse(
        { type: 'response.output_item.done', output_index: 0, item: call },
        completed({ output: [call, own] }),
      ),
    );
    expect(events.map(({ type }) => type)).toEqual(['tool-call', 'attempt-end']);
    expect(replayText(sse(completed({ output: [call] }))).events[0]).toMatchObject({
      type: 'tool-call',
      id: 'c',
      arguments: '{"a":1}',
    });
  });
});
