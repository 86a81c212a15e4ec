import { readdirSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../../src/errors.ts';
import type { ChainEvent } from '../../../../src/event.ts';
import { expectedAnswers } from '../../../fixtures/openai-chat/expected.ts';
import { cut } from '../../../servers/respond.ts';
import { fixture, replay, replayText, type Replayed } from './replay.ts';

const names = Object.keys(expectedAnswers);

function texts(events: readonly ChainEvent[], type: 'token' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

function outcome({ events, error }: Replayed): unknown {
  return { events, error: error instanceof ProviderError ? error.toJSON() : error };
}

function textOfFixture(name: string): string {
  return new TextDecoder().decode(fixture(name));
}

test('every fixture of the folder is expected here', () => {
  const files = readdirSync(new URL('../../../fixtures/openai-chat/', import.meta.url));
  const found = files.filter((file) => file.endsWith('.sse')).map((file) => file.replace('.sse', ''));
  expect(found.toSorted()).toEqual(names.toSorted());
});

describe.each(names)('%s', (name) => {
  const expected = expectedAnswers[name] ?? { text: '' };
  const whole = replay([fixture(name)]);

  test('says what it says', () => {
    expect(texts(whole.events, 'token')).toBe(expected.text);
    expect(texts(whole.events, 'reasoning')).toBe(expected.reasoning ?? '');
    const tools = whole.events.flatMap((event) =>
      event.type === 'tool-call' ? [[event.id, event.name, event.arguments]] : [],
    );
    expect(tools).toEqual(expected.tools ?? []);
    const { error } = whole;
    const thrown = error instanceof ProviderError ? [error.code, error.retryable] : error;
    expect(thrown).toEqual(expected.error);
    const end = whole.events.at(-1);
    const completed = {
      type: 'attempt-end',
      req_id: 'run-1',
      call: 1,
      phase: 'answer',
      attempt: 1,
      answer: true,
      outcome: 'completed',
      finishReason: expected.finishReason,
      vendorReason: expected.vendorReason,
      usage: expected.usage,
      servedModel: expected.servedModel,
      retryable: null,
      delayMs: null,
      superseded: false,
    };
    expect(end?.type === 'attempt-end' ? end : undefined).toEqual(
      expected.error === undefined ? completed : undefined,
    );
  });

  test('byte by byte the same', () => {
    const bytes = fixture(name);
    const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    expect(outcome(replay(single))).toEqual(outcome(whole));
  });

  test('in any cuts the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 40 }), (offsets) => {
        expect(outcome(replay(cut(fixture(name), offsets)))).toEqual(outcome(whole));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['line ends CRLF', (text: string) => text.replaceAll(/\r?\n/g, '\r\n')],
    ['line ends LF', (text: string) => text.replaceAll('\r\n', '\n')],
    ['comments between the events', (text: string) => text.replaceAll('data: {', ': keep-alive\n\ndata: {')],
    ['no space after the colon', (text: string) => text.replaceAll('data: ', 'data:')],
    ['empty data events', (text: string) => text.replaceAll('data: {', 'data:\n\ndata: {')],
    [
      'ids, retries and names',
      (text: string) => text.replaceAll('data: {', 'id: 7\nretry: 10\nevent: message\ndata: {'),
    ],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['no blank line at the end', (text: string) => text.trimEnd()],
    ['a second [DONE]', (text: string) => `${text}data: [DONE]\n\n`],
  ])('with %s the same, also byte by byte', (_what, change) => {
    const text = change(textOfFixture(name));
    expect(outcome(replayText(text))).toEqual(outcome(whole));
    const bytes = new TextEncoder().encode(text);
    const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    expect(outcome(replay(single))).toEqual(outcome(whole));
  });

  test('cut off anywhere it is an error or the whole answer, never a part of it', () => {
    const bytes = fixture(name);
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => {
        const { events, error } = replay([bytes.subarray(0, length)]);
        const isWhole = events.at(-1)?.type === 'attempt-end';
        expect(isWhole).toBe(error === undefined);
        const isRight = isWhole ? texts(events, 'token') === expected.text : error instanceof ProviderError;
        expect(isRight).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
