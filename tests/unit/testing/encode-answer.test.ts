import { existsSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { ChainEvent, Usage } from '../../../src/event.ts';
import { encodeAnswer, encoders } from '../../../src/testing/encode-answer.ts';
import type { Framing } from '../../../src/testing/frame-events.ts';
import type { Protocol, ProtocolEncoder, WireAnswer } from '../../../src/testing/wire-answer.ts';
import { SseFeed } from '../../../src/wire/sse-feed.ts';
import type { ReaderOptions, StreamReader } from '../../../src/wire/stream-reader.ts';
import { cut } from '../../servers/respond.ts';

type ReadStream = (options: ReaderOptions) => StreamReader;

const labels = { req_id: 'run-1', call: 1, phase: 'answer', attempt: 1, answer: true } as const;

const protocols = (Object.keys(encoders) as Protocol[]).filter((protocol) =>
  existsSync(new URL(`../../../src/wire/${protocol}/read-stream.ts`, import.meta.url)),
);

/** What a reader made of an answer, in the words it was told in. */
function told(events: readonly ChainEvent[]): WireAnswer & { servedModel: string | undefined } {
  const end = events.at(-1);
  if (end?.type !== 'attempt-end') throw new Error('The last event is no attempt-end.');
  return {
    text: [texts(events, 'token')],
    reasoning: [texts(events, 'reasoning')],
    toolCalls: events.flatMap((event) =>
      event.type === 'tool-call' ? [{ id: event.id, name: event.name, arguments: event.arguments }] : [],
    ),
    usage: end.usage,
    finishReason: end.finishReason,
    servedModel: end.servedModel,
  };
}

function texts(events: readonly ChainEvent[], type: 'token' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

const piece = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('日本語の文。', '👩‍👩‍👧‍👦', '\u2028', '\n\n', '"\\', 'data: {', '\uFEFF', '\u0000'),
);

function usageOf({ usageFields }: ProtocolEncoder): fc.Arbitrary<Usage | null> {
  const parts = fc.record({
    plain: fc.nat(9999),
    read: fc.nat(99),
    write: fc.nat(99),
    said: fc.nat(999),
    thought: fc.nat(99),
  });
  return fc.option(
    parts.map(({ plain, read, write, said, thought }) => {
      const cacheWrite = usageFields.includes('token_cache_write') ? write : undefined;
      return {
        token_in: plain + read + (cacheWrite ?? 0),
        token_out: said + thought,
        token_cache_read: read,
        ...(cacheWrite === undefined ? {} : { token_cache_write: cacheWrite }),
        token_reasoning: thought,
      };
    }),
  );
}

/** Answers that hold something, so that they are no empty response. */
function answerOf(encoder: ProtocolEncoder): fc.Arbitrary<Required<WireAnswer>> {
  const call = fc.record({
    id: fc.uuid(),
    name: fc.constantFrom('search', 'get_weather'),
    arguments: fc
      .dictionary(fc.constantFrom('city', '都市', 'days'), fc.oneof(piece, fc.nat()), { minKeys: 1 })
      .map((value) => JSON.stringify(value)),
  });
  return fc
    .record({
      text: fc.array(piece, { minLength: 1 }),
      reasoning: fc.array(piece),
      toolCalls: fc.uniqueArray(call, { maxLength: 3, selector: ({ id }) => id }),
      usage: usageOf(encoder),
      reason: fc.constantFrom(...encoder.finishReasons.filter((reason) => reason !== 'tool-calls')),
      model: fc.constant('model-1'),
    })
    .map(({ reason, ...answer }) => ({
      ...answer,
      toolCalls: reason === 'stop' ? answer.toolCalls : [],
      finishReason: reason === 'stop' && answer.toolCalls.length > 0 ? 'tool-calls' : reason,
    }));
}

const framing: fc.Arbitrary<Framing> = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  space: fc.boolean(),
  names: fc.boolean(),
  before: fc.constantFrom([], [': keep-alive'], ['id: 7', 'retry: 10']),
  split: fc.boolean(),
  empty: fc.boolean(),
  byteOrderMark: fc.boolean(),
  blankEnd: fc.boolean(),
});

describe.each(protocols)('an answer in %s', (protocol) => {
  const encoder = encoders[protocol];

  test('is read as it was told, however it is framed and cut', async () => {
    const { readStream } = (await import(`../../../src/wire/${protocol}/read-stream.ts`)) as {
      readStream: ReadStream;
    };
    const read = (pieces: readonly Uint8Array[]): ChainEvent[] => {
      const feed = new SseFeed(readStream({ labels, provider: 'test' }), 'test');
      const events: ChainEvent[] = [];
      for (const bytes of pieces) if (feed.push(bytes, events)) return events;
      feed.end(events);
      return events;
    };
    const property = fc.property(answerOf(encoder), framing, fc.array(fc.nat()), (answer, frame, offsets) => {
      const events = read(cut(encodeAnswer(protocol, answer, frame), offsets));
      expect(told(events)).toEqual({
        text: [answer.text.join('')],
        reasoning: [answer.reasoning.join('')],
        toolCalls: answer.toolCalls,
        usage: answer.usage,
        finishReason: answer.finishReason,
        servedModel: 'model-1',
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('of a kind that the protocol has no word for is refused', () => {
    expect(() => encodeAnswer(protocol, { text: ['x'], finishReason: 'aborted' })).toThrow(
      /no word for the finish reason "aborted"/,
    );
  });
});

test('the protocols of the wires are those of the encoders', () => {
  expect(protocols).toContain('openai-chat');
});
