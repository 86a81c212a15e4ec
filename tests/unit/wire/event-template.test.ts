import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

import type { ChainEvent } from '../../../src/event.ts';
import { readStream as readMessages } from '../../../src/wire/anthropic-messages/read-stream.ts';
import { EventTemplate } from '../../../src/wire/event-template.ts';
import type { JsonRecord } from '../../../src/wire/json-record.ts';
import { plainChunk } from '../../../src/wire/openai-chat/plain-chunk.ts';
import { readStream as readChat } from '../../../src/wire/openai-chat/read-stream.ts';
import { readStream as readResponses } from '../../../src/wire/openai-responses/read-stream.ts';

type Make = (content: string) => string;

const openai: Make = (content) =>
  `{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}},"finish_reason":null}],"usage":null}`;
const spaced: Make = (content) =>
  `{"model": "m", "choices": [{"delta": {"role": "assistant", "content": ${JSON.stringify(content)}}, "index": 0}]}`;
const padded: Make = (content) =>
  openai(content).replace(/}$/, () => `,"obfuscation":"${String(content.length * 7919)}xY"}`);

const echoed: Make = (content) =>
  `{"model":"m","choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}}}],"echo":{"content":"same"}}`;
const marked = (content: string, mark: number): string =>
  openai(content).replace('"id":"c"', `"id":"${mark}"`);

function learn(template: EventTemplate, data: string): void {
  template.learn(data, JSON.parse(data) as JsonRecord);
}

function learned(make: Make, first = 'first'): EventTemplate {
  const template = new EventTemplate(plainChunk);
  learn(template, make(first));
  return template;
}

function contentOf(data: string): unknown {
  const chunk = JSON.parse(data) as { choices: { delta: { content: unknown } }[] };
  return chunk.choices[0]?.delta.content;
}

const anyText = fc.string({ unit: 'binary', maxLength: 20 });

describe.each([
  ['as OpenAI writes', openai],
  ['with spaces', spaced],
  ['with padding', padded],
] as const)('%s', (_how, make) => {
  test('a text is taken without parsing', () => {
    expect(learned(make).match(make(' 東京'))).toBe(' 東京');
  });

  test('what is taken is what parsing gives', () => {
    fc.assert(
      fc.property(anyText, anyText, (first, next) => {
        const data = make(next);
        const text = learned(make, first).match(data);
        expect([undefined, next]).toContain(text);
      }),
    );
  });

  test('whatever stands between head and tail, it is never something else', () => {
    const raw = fc.string({
      unit: fc.constantFrom('a', '"', '\\', 'n', 'u', '0', '}', ',', ':', '\n'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(raw, (middle) => {
        const data = make('@').replace('"@"', () => `"${middle}"`);
        const text = learned(make).match(data);
        const parsed = text === undefined ? undefined : contentOf(data);
        expect(text).toBe(parsed);
      }),
      { numRuns: 500 },
    );
  });
});

test('a text that stands elsewhere in the chunk is not taken for the content', () => {
  const template = learned(echoed, 'same');
  expect(template.match(echoed('other'))).toBeUndefined();
  learn(template, echoed('clear'));
  expect(template.match(echoed('other'))).toBe('other');
});

test('padding that is no string, or holds escapes, is parsed', () => {
  const template = learned(padded);
  expect(template.match(padded('a').replace('xY"', 'x\\n"'))).toBeUndefined();
  expect(template.match(padded('a').replace('xY"}', 'xY","usage":{"prompt_tokens":1}}'))).toBeUndefined();
});

test.each([
  ['usage', { usage: { prompt_tokens: 1 } }, {}, {}],
  ['an error', { error: { message: 'x' } }, {}, {}],
  ['a field of Groq', { x_groq: { id: 'x' } }, {}, {}],
  ['a reason', {}, { finish_reason: 'stop' }, {}],
  ['another choice', {}, { index: 1 }, {}],
  ['a thought', {}, {}, { reasoning: 'x' }],
  ['a tool call', {}, {}, { tool_calls: [{ index: 0 }] }],
  ['a refusal', {}, {}, { refusal: 'x' }],
  ['no model yet', { model: '' }, {}, {}],
])('a chunk with %s is no template', (_what, chunk, choice, delta) => {
  const make: Make = (content) =>
    JSON.stringify({
      model: 'm',
      choices: [{ index: 0, delta: { ...delta, content }, ...choice }],
      ...chunk,
    });
  expect(learned(make).match(make('next'))).toBeUndefined();
});

test('a host whose chunks all differ is given up after a few attempts', () => {
  const template = new EventTemplate(plainChunk);
  for (let mark = 0; mark < 20; mark += 1) learn(template, marked('a', mark));
  expect(template.match(marked('b', 19))).toBeUndefined();
  expect(template.match(marked('b', 3))).toBeUndefined();
});

test('a field that changes now and then is learned again', () => {
  const template = new EventTemplate(plainChunk);
  for (let second = 0; second < 12; second += 1) {
    const make = (content: string): string =>
      openai(content).replace('"id":"c"', `"id":"c","created":${second}`);
    expect(template.match(make('a'))).toBeUndefined();
    learn(template, make('a'));
    for (let index = 0; index < 40; index += 1) expect(template.match(make('b'))).toBe('b');
  }
});

const labels = { req_id: 'r', call: 1, phase: 'answer', attempt: 1, answer: true } as const;

describe.each([
  [
    'chat completions',
    readChat,
    (content: string, index: number) => ({
      id: 'c',
      model: 'm',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
      obfuscation: 'x'.repeat(index % 5),
    }),
  ],
  [
    'responses',
    readResponses,
    (delta: string, index: number) => ({
      type: 'response.output_text.delta',
      sequence_number: index,
      item_id: 'msg_1',
      output_index: index < 90 ? 0 : 1,
      content_index: 0,
      delta,
      obfuscation: 'x'.repeat(index % 5),
    }),
  ],
  [
    'messages',
    readMessages,
    (text: string, index: number) => ({
      type: 'content_block_delta',
      index: index < 90 ? 0 : 1,
      delta: { type: 'text_delta', text },
    }),
  ],
])('an answer in %s', (_protocol, readStream, eventOf) => {
  const read = (events: readonly string[]): unknown[] => {
    const reader = readStream({ labels, provider: 'p' });
    const batch: ChainEvent[] = [];
    for (const data of events) reader.read(data, batch);
    return batch.map((event) => (event.type === 'token' ? event.text : event.type));
  };

  test('is read alike, whether its events look alike or not', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 120 }), (texts) => {
        const alike = texts.map((text, index) => JSON.stringify(eventOf(text, index)));
        const unlike = texts.map((text, index) =>
          JSON.stringify(eventOf(text, index), null, 1 + (index % 3)),
        );
        expect(read(alike)).toEqual(texts.filter((text) => text !== ''));
        expect(read(unlike)).toEqual(read(alike));
      }),
      { numRuns: 200 },
    );
  });

  test('is hardly parsed', () => {
    const events = Array.from({ length: 100 }, (_, index) => JSON.stringify(eventOf(` word${index}`, index)));
    const parse = vi.spyOn(JSON, 'parse');
    const texts = read(events);
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(texts).toHaveLength(100);
    expect(parsed).toBeLessThan(8);
  });

  test('is refused where a number or a text is not as JSON has it', () => {
    const events = [0, 1, 2].map((index) => JSON.stringify(eventOf(' word', index)));
    const broken = (events[2] ?? '')
      .replace('"sequence_number":2', '"sequence_number":02')
      .replace(' word', ' \t');
    expect(() => read([...events.slice(0, 2), broken])).toThrow('not JSON');
  });
});
