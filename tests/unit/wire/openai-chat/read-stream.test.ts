import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../src/errors.ts';
import { textOfEvents } from '../../../support/context.ts';
import { replay, replayText, type Replayed } from './replay.ts';

function sse(...events: readonly unknown[]): string {
  return events
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join('');
}

function chunk(delta: unknown, finish: string | null = null, more: Record<string, unknown> = {}): unknown {
  return { id: 'c', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

function failure({ error }: Replayed): unknown {
  return error instanceof ProviderError ? { code: error.code, retryable: error.retryable } : error;
}

const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

describe('the end', () => {
  test.each([
    ['nothing at all', '', 'empty-response', true],
    ['comments only', ': OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n', 'empty-response', true],
    ['[DONE] only', sse('[DONE]'), 'empty-response', true],
    ['text, then nothing', sse(chunk({ content: 'a' })), 'truncated', true],
    ['text, then half an event', `${sse(chunk({ content: 'a' }))}data: {"choices":[{"del`, 'truncated', true],
    ['text, then a broken event', `${sse(chunk({ content: 'a' }))}data: {"choi\n\n`, 'malformed', true],
    ['text, then an event that is no object', sse(chunk({ content: 'a' }), '17'), 'malformed', true],
    ['a web page', '<!DOCTYPE html><title>Sign in</title>', 'malformed', false],
    ['plain text', 'upstream connect error', 'malformed', false],
    ['half a JSON document', '{"choices":[{"message":', 'truncated', true],
    ['a JSON document that is no answer', '{"ok":true}', 'malformed', true],
    ['finish reason error', sse(chunk({ content: 'a' }), chunk({}, 'error'), '[DONE]'), 'server', true],
    ['finish reason abort', sse(chunk({ content: 'a' }, 'abort'), '[DONE]'), 'server', true],
    ['resources gone', sse(chunk({}, 'insufficient_system_resource')), 'overloaded', true],
  ])('%s', (_what, text, code, retryable) => {
    expect(failure(replayText(text))).toEqual({ code, retryable });
    const bytes = new TextEncoder().encode(text);
    const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    expect(failure(replay(single))).toEqual({ code, retryable });
  });

  test('a finish reason and the end of the body are enough', () => {
    const { events, error } = replayText(sse(chunk({ content: 'a' }), chunk({}, 'length')));
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'attempt-end', finishReason: 'length', usage: null });
  });

  test('nothing after [DONE] is read, not even what is broken', () => {
    const { events, error } = replayText(`${sse(chunk({ content: 'a' }, 'stop'), '[DONE]')}data: {{{\n\n`);
    expect(error).toBeUndefined();
    expect(events).toHaveLength(2);
  });

  test('usage that comes after the finish reason counts, null does not undo it', () => {
    const text = sse(
      chunk({ content: 'a' }),
      chunk({}, 'stop'),
      { choices: [], usage },
      { choices: [], usage: null },
      '[DONE]',
    );
    expect(replayText(text).events.at(-1)).toMatchObject({ usage: { token_in: 3, token_out: 2 } });
  });

  test('a word that nobody knows is passed on', () => {
    const { events } = replayText(sse(chunk({ content: 'a' }, 'moon_phase'), '[DONE]'));
    expect(events.at(-1)).toMatchObject({ finishReason: 'unknown', vendorReason: 'moon_phase' });
  });

  test.each(['', 'null'])('a finish reason %j is none', (reason) => {
    expect(failure(replayText(sse(chunk({ content: 'a' }, reason))))).toEqual({
      code: 'truncated',
      retryable: true,
    });
  });
});

describe('errors in the stream', () => {
  test.each([
    [
      'OpenAI',
      { error: { message: 'The server had an error', type: 'server_error', code: null } },
      'server',
      true,
    ],
    ['a code as number', { error: { message: 'Rate limit', code: 429 } }, 'rate-limited', true],
    [
      'overloaded',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'overloaded',
      true,
    ],
    ['vLLM', { object: 'error', message: 'bad', type: 'BadRequestError', code: 400 }, 'bad-request', false],
    ['a text', { error: 'model runner has unexpectedly stopped' }, 'unknown', true],
    [
      'xAI',
      { code: 'The service is currently unavailable', error: 'Service temporarily unavailable' },
      'unknown',
      true,
    ],
    [
      'DashScope',
      { code: 'Throttling.RateQuota', message: 'Requests rate limit exceeded' },
      'rate-limited',
      true,
    ],
    ['FastAPI', { detail: 'Internal Server Error' }, 'unknown', true],
    [
      'quota',
      { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
      'quota',
      false,
    ],
    [
      'too long',
      { error: { message: "This model's maximum context length is 8192 tokens.", code: null } },
      'context-overflow',
      false,
    ],
    [
      'in a choice',
      { choices: [{ index: 0, delta: {}, error: { code: 502, message: 'Upstream' } }] },
      'server',
      true,
    ],
    ['in x_groq', { choices: [], x_groq: { error: 'over capacity' } }, 'unknown', true],
  ])('%s: after the text that came before it', (_who, body, code, retryable) => {
    const replayed = replayText(sse(chunk({ content: 'So ' }), body, '[DONE]'));
    expect(textOfEvents(replayed.events)).toBe('So ');
    expect(failure(replayed)).toEqual({ code, retryable });
    expect(replayed.error).toMatchObject({ maybeAccepted: true });
  });

  test('a JSON error without data: in mid-stream, pretty-printed, in any cut', () => {
    const body = JSON.stringify(
      { error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' } },
      null,
      2,
    );
    const text = `${sse(chunk({ content: 'So ' }))}${body}\n`;
    const bytes = new TextEncoder().encode(text);
    const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    for (const pieces of [[bytes], single]) {
      const replayed = replay(pieces);
      expect(textOfEvents(replayed.events)).toBe('So ');
      expect(failure(replayed)).toEqual({ code: 'overloaded', retryable: true });
    }
  });

  test('a key in the text of an error is blotted out', () => {
    const { error } = replayText(
      sse({
        error: { message: 'Incorrect API key provided: sk-proj-abcdef123456.', code: 'invalid_api_key' },
      }),
    );
    expect(String(error)).toContain('[redacted]');
    expect(String(error)).not.toContain('abcdef123456');
  });
});

describe('content', () => {
  test('a whole completion in place of a stream', () => {
    const message = {
      role: 'assistant',
      content: 'Whole.',
      tool_calls: [{ id: 't', type: 'function', function: { name: 'f', arguments: '{}' } }],
    };
    const { events, error } = replayText(
      JSON.stringify({
        object: 'chat.completion',
        model: 'm',
        choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
        usage,
      }),
    );
    expect(error).toBeUndefined();
    expect(events.map((event) => event.type)).toEqual(['token', 'tool-call', 'attempt-end']);
    expect(events.at(-1)).toMatchObject({ finishReason: 'tool-calls', usage: { token_in: 3, token_out: 2 } });
  });

  test('of several choices only the first', () => {
    const both = {
      choices: [
        { index: 1, delta: { content: 'B' } },
        { index: 0, delta: { content: 'A' } },
      ],
    };
    const other = { choices: [{ index: 1, delta: { content: 'b' }, finish_reason: 'stop' }] };
    const { events } = replayText(sse(both, other, chunk({ content: 'a' }, 'stop'), '[DONE]'));
    expect(textOfEvents(events)).toBe('Aa');
  });

  test('chunks without choices, delta or content', () => {
    const { events } = replayText(
      sse(
        { choices: [] },
        { id: 'x' },
        { choices: [{ index: 0 }] },
        chunk(null),
        chunk({ content: null }),
        chunk({ content: 'a' }, 'stop'),
        '[DONE]',
      ),
    );
    expect(textOfEvents(events)).toBe('a');
  });

  test('a thought under two names counts once', () => {
    const { events } = replayText(
      sse(chunk({ reasoning: 'x', reasoning_content: 'x' }), chunk({ content: 'a' }, 'stop'), '[DONE]'),
    );
    expect(events.filter((event) => event.type === 'reasoning')).toHaveLength(1);
  });

  test('a refusal is told as what it is', () => {
    const { events } = replayText(
      sse(chunk({ refusal: 'I cannot ' }), chunk({ refusal: 'help.' }), chunk({}, 'stop'), '[DONE]'),
    );
    expect(textOfEvents(events)).toBe('I cannot help.');
    expect(events.at(-1)).toMatchObject({ finishReason: 'refusal', vendorReason: 'stop' });
  });

  test('labels only: nothing else of a context gets into the events', () => {
    const { events } = replayText(sse(chunk({ content: 'a' }, 'stop'), '[DONE]'));
    expect(events[0]).toEqual({
      type: 'token',
      req_id: 'run-1',
      call: 1,
      phase: 'answer',
      attempt: 1,
      answer: true,
      text: 'a',
    });
  });
});

/** Id, name and arguments of the calls that the deltas make. */
function calls(...deltas: readonly unknown[]): unknown[] {
  const chunks = deltas.map((delta) => chunk({ tool_calls: delta }));
  const { events } = replayText(sse(...chunks, chunk({}, 'tool_calls'), '[DONE]'));
  return events.flatMap((event) =>
    event.type === 'tool-call' ? [[event.id, event.name, event.arguments]] : [],
  );
}

describe('tool calls', () => {
  test('without index, by id and by going on', () => {
    expect(
      calls(
        [{ id: 'a', function: { name: 'f', arguments: '{"x"' } }],
        [{ function: { arguments: ':1}' } }],
        [{ id: 'b', function: { name: 'g', arguments: '{}' } }],
      ),
    ).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
    ]);
  });

  test('ids and names that are repeated, and empty ones', () => {
    expect(
      calls(
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }],
        [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }],
        [{ index: 0, id: '', function: { name: '', arguments: '' } }],
      ),
    ).toEqual([['a', 'f', '{}']]);
  });

  test('without id, without arguments, or with arguments as an object', () => {
    expect(
      calls([
        { index: 0, function: { name: 'f' } },
        { index: 1, function: { name: 'g', arguments: { a: 1 } } },
      ]),
    ).toEqual([
      ['call_run1_1_1_0', 'f', '{}'],
      ['call_run1_1_1_1', 'g', '{"a":1}'],
    ]);
  });

  test('what the vendor keeps beside a call comes along', () => {
    const extra = { google: { thought_signature: 'AbC' } };
    const { events } = replayText(
      sse(
        chunk(
          {
            tool_calls: [
              { index: 0, id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: extra },
            ],
          },
          'stop',
        ),
        '[DONE]',
      ),
    );
    expect(events[0]).toMatchObject({ type: 'tool-call', providerData: { extra_content: extra } });
  });

  test('cut off by length, half a call is not told', () => {
    const half = chunk(
      { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }] },
      'length',
    );
    const { events } = replayText(sse(half, '[DONE]'));
    expect(events.map((event) => event.type)).toEqual(['attempt-end']);
  });
});

test('an answer too large to hold in one event is an error, not a growing buffer', () => {
  const pieces = Array.from({ length: 20 }, () => new TextEncoder().encode('x'.repeat(1024 * 1024)));
  const replayed = replay([new TextEncoder().encode('data: {"a":"'), ...pieces]);
  expect(failure(replayed)).toEqual({ code: 'malformed', retryable: true });
});
