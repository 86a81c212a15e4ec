import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ImagePart, Message } from '../../../src/message.ts';
import type { ChatRequest } from '../../../src/request.ts';
import {
  countMessage,
  countRequest,
  countTools,
  estimateTokens,
  imageTokens,
  loadEncoding,
  RequestCounter,
} from '../../../src/tokens/index.ts';

const bytes = {
  name: 'characters',
  exact: true,
  count: (text: string) => text.length,
  upperBound: (text: string) => text.length * 3,
};

describe('countRequest', () => {
  // "How to count tokens with tiktoken" in the OpenAI Cookbook prints these numbers, confirmed by the API.
  const messages: Message[] = [
    {
      role: 'system',
      content:
        'You are a helpful, pattern-following assistant that translates corporate jargon into plain English.',
    },
    { role: 'system', name: 'example_user', content: 'New synergies will help drive top-line growth.' },
    {
      role: 'system',
      name: 'example_assistant',
      content: 'Things working well together will increase revenue.',
    },
    {
      role: 'system',
      name: 'example_user',
      content:
        "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage.",
    },
    {
      role: 'system',
      name: 'example_assistant',
      content: "Let's talk later when we're less busy about how to do better.",
    },
    {
      role: 'user',
      content: "This late pivot means we don't have time to boil the ocean for the client deliverable.",
    },
  ];

  it('gives the numbers of the OpenAI Cookbook', async () => {
    expect(countRequest({ messages }, await loadEncoding('cl100k_base'))).toBe(129);
    expect(countRequest({ messages }, await loadEncoding('o200k_base'))).toBe(124);
  });

  it('counts everything that is sent', () => {
    const user: Message = { role: 'user', content: 'hi' };
    const base = countRequest({ messages: [user] }, bytes);
    const bigger: ChatRequest[] = [
      { messages: [{ ...user, name: 'Ada' }] },
      { messages: [user], tools: [{ name: 'now', parameters: {} }] },
      { messages: [user], responseFormat: { type: 'json', schema: { type: 'object' } } },
      { messages: [user, { role: 'assistant', content: '', toolCalls: [] }] },
    ];
    for (const request of bigger) expect(countRequest(request, bytes)).toBeGreaterThan(base);
    expect(countRequest({ messages: [] }, bytes)).toBe(3);
    expect(countTools([], bytes)).toBe(0);
  });

  it('counts tool calls, results, reasoning, pictures and files', () => {
    const call: Message = {
      role: 'assistant',
      content: [{ type: 'reasoning', text: 'hmm', providerData: { proof: 'x'.repeat(50) } }],
      toolCalls: [{ id: 'c1', name: 'find', arguments: '{"q":"日本"}' }],
    };
    expect(countMessage(call, bytes)).toBe(
      4 + 3 + JSON.stringify({ proof: 'x'.repeat(50) }).length + 8 + 2 + 4 + 10,
    );
    expect(countMessage({ role: 'tool', toolCallId: 'c1', content: 'found' }, bytes)).toBe(4 + 8 + 2 + 5);
    expect(
      countMessage(
        { role: 'user', content: [{ type: 'image', image: 'https://x.test/a.png', detail: 'low' }] },
        bytes,
      ),
    ).toBe(4 + 85);
    const file = (data: string, mediaType: string): number =>
      countMessage({ role: 'user', content: [{ type: 'file', data, mediaType }] }, bytes);
    expect(file('https://x.test/a.pdf', 'application/pdf')).toBe(4 + 3000);
    expect(file('A'.repeat(3200), 'application/pdf')).toBe(4 + 300);
    expect(file('A'.repeat(1200), 'text/plain')).toBe(4 + 300);
  });
});

describe('RequestCounter', () => {
  it('counts each message once, however often it is asked', () => {
    let calls = 0;
    const counter = new RequestCounter({
      name: 'counting',
      exact: false,
      count: (text) => {
        calls += 1;
        return estimateTokens(text);
      },
    });
    const messages: Message[] = [
      { role: 'user', content: 'こんにちは' },
      { role: 'assistant', content: 'Hello' },
    ];
    const first = counter.request({ messages });
    expect(counter.request({ messages: [...messages] })).toBe(first);
    expect(calls).toBe(2);
    counter.request({ messages: [...messages, { role: 'user', content: 'next' }] });
    expect(calls).toBe(3);
  });

  it('bounds a message from above without counting it', () => {
    let calls = 0;
    const lazy = { ...bytes, count: (text: string) => ((calls += 1), text.length) };
    const counter = new RequestCounter(lazy);
    fc.assert(
      fc.property(fc.string(), (content) => {
        const message: Message = { role: 'user', content };
        calls = 0;
        const bound = counter.messageUpperBound(message);
        expect(calls).toBe(0);
        expect(bound).toBeGreaterThanOrEqual(counter.message(message));
        expect(counter.messageUpperBound(message)).toBe(counter.message(message));
      }),
    );
  });
});

function image(width?: number, height?: number): ImagePart {
  return {
    type: 'image',
    image: 'x',
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  };
}

describe('imageTokens', () => {
  // The first two and low detail are the worked examples of OpenAI's guide.
  it.each([
    [1024, 1024, 765],
    [2048, 4096, 1105],
    [512, 512, 255],
    [1, 1, 255],
    [513, 512, 425],
    [768, 2048, 1445],
    [100_000, 10, 765],
  ])('%i × %i pixels cost %i', (width, height, tokens) => {
    expect(imageTokens(image(width, height))).toBe(tokens);
  });

  it('takes the most the formula can give where the size is unknown or senseless', () => {
    for (const part of [
      image(),
      image(100),
      image(0, 5),
      image(-1, 5),
      image(Number.NaN, 5),
      image(Infinity, Infinity),
    ])
      expect(imageTokens(part)).toBe(1445);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        (width, height) => {
          expect(imageTokens(image(width, height))).toBeLessThanOrEqual(1445);
        },
      ),
    );
  });
});
