import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../src/errors.ts';
import { readStream } from '../../../../src/wire/google-generate/read-stream.ts';
import { textOfEvents } from '../../../support/context.ts';
import { replayWire, singleBytes, sse, type Replayed } from '../replay-wire.ts';

const { replay, replayText } = replayWire('google-generate', readStream);

function chunk(parts: unknown, finishReason?: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { candidates: [{ content: { parts }, finishReason }], ...more };
}

function failure({ error }: Replayed): unknown {
  return error instanceof ProviderError ? [error.code, error.retryable] : error;
}

describe('the end', () => {
  test.each([
    ['nothing at all', '', 'empty-response', true],
    ['text, then nothing', sse(chunk([{ text: 'a' }])), 'truncated', true],
    ['an unspecified reason', sse(chunk([{ text: 'a' }], 'FINISH_REASON_UNSPECIFIED')), 'truncated', true],
    ['half an event', `${sse(chunk([{ text: 'a' }]))}data: {"candi`, 'truncated', true],
    ['a broken event', `${sse(chunk([{ text: 'a' }]))}data: {"candi\n\n`, 'malformed', true],
    ['a web page', '<!doctype html><title>Sign in</title>', 'malformed', false],
    ['a JSON document that is no answer', '{"ok":true}', 'malformed', true],
    [
      'a JSON error',
      JSON.stringify({ error: { code: 503, message: 'x', status: 'UNAVAILABLE' } }),
      'overloaded',
      true,
    ],
    ['a tool call nobody can read', sse(chunk(undefined, 'UNEXPECTED_TOOL_CALL')), 'server', true],
  ])('%s', (_what, text, code, retryable) => {
    expect(failure(replayText(text))).toEqual([code, retryable]);
    expect(failure(replay(singleBytes(new TextEncoder().encode(text))))).toEqual([code, retryable]);
  });

  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['RECITATION', 'content-filter'],
    ['SPII', 'content-filter'],
    ['OTHER', 'unknown'],
    ['OF_TOMORROW', 'unknown'],
  ])('reason %s', (vendorReason, finishReason) => {
    const { events } = replayText(sse(chunk([{ text: 'a' }], vendorReason)));
    expect(events.at(-1)).toMatchObject({ finishReason, vendorReason, usage: null });
  });

  test('an answer that does not stream', () => {
    const { events } = replayText(
      JSON.stringify(
        chunk([{ text: 'Whole.' }], 'STOP', { usageMetadata: { promptTokenCount: 2 } }),
        null,
        2,
      ),
    );
    expect(events).toMatchObject([
      { text: 'Whole.' },
      { finishReason: 'stop', usage: { token_in: 2, token_out: 0 } },
    ]);
  });

  test('a blocked prompt of a proxy that does not stream', () => {
    const { events } = replayText(JSON.stringify({ promptFeedback: { blockReason: 'SAFETY' } }));
    expect(events).toMatchObject([
      { type: 'attempt-end', finishReason: 'content-filter', vendorReason: 'SAFETY' },
    ]);
  });

  test('feedback on a prompt that was not blocked is no end', () => {
    const rated = { promptFeedback: { safetyRatings: [] } };
    expect(failure(replayText(sse(rated, chunk([{ text: 'a' }]))))).toEqual(['truncated', true]);
  });
});

describe('parts', () => {
  test('candidates without content, parts or text', () => {
    const { events } = replayText(
      sse(
        { candidates: [] },
        { candidates: [{}] },
        chunk(undefined),
        chunk([{}, { inlineData: {} }, null]),
        chunk([{ text: 'a' }], 'STOP'),
      ),
    );
    expect(textOfEvents(events)).toBe('a');
    expect(events).toHaveLength(2);
  });

  test('a signature stays with its call, its thought or behind its words', () => {
    const parts = [
      { text: 'hm', thought: true, thoughtSignature: 's1' },
      { text: 'word', thoughtSignature: 's2' },
      { functionCall: { name: 'f', args: { a: [1] } }, thoughtSignature: 's3' },
    ];
    const { events } = replayText(sse(chunk(parts, 'STOP')));
    expect(events).toMatchObject([
      { type: 'reasoning', text: 'hm', providerData: { thoughtSignature: 's1' } },
      { type: 'token', text: 'word' },
      { type: 'reasoning', text: '', providerData: { thoughtSignature: 's2' } },
      {
        type: 'tool-call',
        id: 'call_run1_1_1_0',
        name: 'f',
        arguments: '{"a":[1]}',
        providerData: { thoughtSignature: 's3' },
      },
      { type: 'attempt-end', finishReason: 'tool-calls' },
    ]);
  });
});

test('usage: the last word on each number counts', () => {
  const usage = (fields: object): unknown => chunk([], undefined, { usageMetadata: fields });
  const { events } = replayText(
    sse(
      usage({ promptTokenCount: 10, totalTokenCount: 10 }),
      usage({ promptTokenCount: 11, candidatesTokenCount: 4, thoughtsTokenCount: 5 }),
      usage({ promptTokenCount: 11, candidatesTokenCount: 6, toolUsePromptTokenCount: 3 }),
      chunk([{ text: 'a' }], 'STOP', { usageMetadata: { promptTokenCount: 11, totalTokenCount: 20 } }),
    ),
  );
  expect(events.at(-1)).toMatchObject({ usage: { token_in: 14, token_out: 11, token_reasoning: 5 } });
});
