import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Message } from '../../../../src/message.ts';
import type { ChatRequest } from '../../../../src/request.ts';
import { toRequest } from '../../../../src/wire/google-generate/to-request.ts';
import type { WireRequest } from '../../../../src/wire/wire-request.ts';
import { histories, wordsOf } from '../histories.ts';

const hello: readonly Message[] = [{ role: 'user', content: 'やあ' }];

function write(request: Partial<ChatRequest>, model = 'gemini-2.5-flash'): WireRequest {
  return toRequest({ ...request, messages: request.messages ?? hello }, { model, provider: 'google' });
}

function contents(messages: readonly Message[], model?: string): unknown {
  return write({ messages }, model).body['contents'];
}

describe('fields', () => {
  test('a bare request is as small as it can be', () => {
    expect(write({}).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'やあ' }] }] });
  });

  test('every setting under its name', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { a: { type: 'string' } },
    };
    const plain = { type: 'object', properties: { a: { type: 'string' } } };
    const { body, ignored } = write({
      messages: [{ role: 'system', content: 'A' }, { role: 'system', content: 'B' }, ...hello],
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 10,
      stop: ['END'],
      seed: 0,
      tools: [
        { name: 'f', description: 'd', parameters: schema },
        { name: 'now', parameters: { type: 'object', properties: {} } },
      ],
      toolChoice: { name: 'f' },
      reasoning: { effort: 'low' },
      responseFormat: { type: 'json', schema },
      providerOptions: {
        google: { safetySettings: [1], topK: 3, tools: [{ googleSearch: {} }], magic: 1 },
        other: { topK: 9 },
      },
    });
    expect(body).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'やあ' }] }],
      systemInstruction: { parts: [{ text: 'A' }, { text: 'B' }] },
      tools: [
        {
          functionDeclarations: [
            { name: 'f', description: 'd', parametersJsonSchema: plain },
            { name: 'now' },
          ],
        },
        { googleSearch: {} },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } },
      safetySettings: [1],
      generationConfig: {
        temperature: 0,
        topP: 0.5,
        maxOutputTokens: 10,
        stopSequences: ['END'],
        seed: 0,
        responseMimeType: 'application/json',
        responseJsonSchema: plain,
        thinkingConfig: { thinkingBudget: 2048, includeThoughts: true },
        topK: 3,
      },
    });
    expect(ignored).toEqual(['magic']);
  });

  test('a schema of the caller’s own takes the place of the other', () => {
    const responseFormat = { type: 'json', schema: { type: 'object' } } as const;
    const { body } = write({
      responseFormat,
      providerOptions: { google: { responseSchema: { type: 'OBJECT' } } },
    });
    expect(body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT' },
    });
  });

  test.each([
    ['auto', 'AUTO'],
    ['none', 'NONE'],
    ['required', 'ANY'],
  ] as const)('tool choice %s', (toolChoice, mode) => {
    expect(write({ tools: [{ name: 'f', parameters: {} }], toolChoice }).body).toMatchObject({
      toolConfig: { functionCallingConfig: { mode } },
    });
    expect(write({ toolChoice }).body).not.toHaveProperty('toolConfig');
  });

  test.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3.1-pro-preview', 'minimal', { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3.8-flash', 'none', { thinkingLevel: 'minimal' }],
    ['gemini-2.0-flash', 'none', undefined],
  ] as const)('%s, effort %s', (model, effort, thinkingConfig) => {
    const { body, dropped } = write({ reasoning: { effort } }, model);
    expect(body['generationConfig']).toEqual(thinkingConfig === undefined ? undefined : { thinkingConfig });
    expect(dropped).toEqual([]);
  });

  test('an effort that the model does not know is told', () => {
    expect(write({ reasoning: { effort: 'high' } }, 'gemini-2.0-flash').dropped).toEqual([
      'reasoning.effort',
    ]);
  });
});

describe('messages', () => {
  test('an assistant that speaks first and last, a system in the middle, blank ones', () => {
    expect(
      contents([
        { role: 'assistant', content: 'Hi' },
        { role: 'user', content: ' ' },
        { role: 'system', content: '英語で。' },
        { role: 'user', content: 'go' },
        { role: 'assistant', content: 'x' },
      ]),
    ).toEqual([
      { role: 'user', parts: [{ text: '(The conversation so far:)' }] },
      { role: 'model', parts: [{ text: 'Hi' }] },
      { role: 'user', parts: [{ text: '<system>\n英語で。\n</system>' }, { text: 'go' }] },
      { role: 'model', parts: [{ text: 'x' }] },
      { role: 'user', parts: [{ text: 'Continue.' }] },
    ]);
  });

  test('calls and results by id and name, results together, pictures behind them', () => {
    expect(
      contents([
        ...hello,
        {
          role: 'assistant',
          content: 'ok',
          toolCalls: [
            { id: 'a', name: 'f', arguments: '{"x":1}', providerData: { thoughtSignature: 'sig', other: 1 } },
            { id: 'b', name: 'g', arguments: '' },
          ],
        },
        { role: 'tool', toolCallId: 'b', content: 'broken', isError: true },
        {
          role: 'tool',
          toolCallId: 'a',
          content: [
            { type: 'text', text: 'one' },
            { type: 'image', image: 'AA', mediaType: 'image/png' },
          ],
        },
        { role: 'user', content: 'go' },
      ]),
    ).toEqual([
      { role: 'user', parts: [{ text: 'やあ' }] },
      {
        role: 'model',
        parts: [
          { text: 'ok' },
          { functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'sig' },
          { functionCall: { id: 'b', name: 'g', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'f', response: { output: 'one' } } },
          { functionResponse: { id: 'b', name: 'g', response: { error: 'broken' } } },
          { inlineData: { mimeType: 'image/png', data: 'AA' } },
          { text: 'go' },
        ],
      },
    ]);
  });

  test('a model that demands a signature gets one that stands for none, on the first call only', () => {
    const toolCalls = [
      { id: 'a', name: 'f', arguments: '{}' },
      { id: 'b', name: 'f', arguments: '{}' },
    ];
    const wire = contents([...hello, { role: 'assistant', content: '', toolCalls }], 'gemini-3-pro-preview');
    expect(JSON.stringify(wire).match(/skip_thought_signature_validator/g)).toHaveLength(1);
    expect(JSON.stringify(contents([...hello, { role: 'assistant', content: '', toolCalls }]))).not.toContain(
      'thoughtSignature',
    );
  });

  test('signatures go back where they came, summaries of thoughts do not', () => {
    const content = [
      { type: 'reasoning', text: 'secret musing' },
      { type: 'text', text: 'word' },
      { type: 'reasoning', text: '', providerData: { thoughtSignature: 's' } },
      { type: 'reasoning', text: '', providerData: { signature: 'foreign' } },
    ] as const;
    expect(contents([...hello, { role: 'assistant', content }, ...hello])).toMatchObject([
      {},
      { role: 'model', parts: [{ text: 'word' }, { text: '', thoughtSignature: 's' }] },
      {},
    ]);
  });

  test('pictures, files and speakers', () => {
    const content = [
      { type: 'image', image: 'https://x.test/a.png?v=1' },
      { type: 'image', image: 'https://x.test/a' },
      { type: 'file', data: 'BB', mediaType: 'application/pdf' },
      { type: 'file', data: 'https://x.test/v.mp4', mediaType: 'video/mp4' },
      { type: 'text', text: '見て' },
    ] as const;
    expect(contents([{ role: 'user', name: '花子', content }])).toEqual([
      {
        role: 'user',
        parts: [
          { text: '花子:' },
          { fileData: { mimeType: 'image/png', fileUri: 'https://x.test/a.png?v=1' } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.test/a' } },
          { inlineData: { mimeType: 'application/pdf', data: 'BB' } },
          { fileData: { mimeType: 'video/mp4', fileUri: 'https://x.test/v.mp4' } },
          { text: '見て' },
        ],
      },
    ]);
    expect(contents([{ role: 'user', name: 'Ann', content: 'hi' }])).toEqual([
      { role: 'user', parts: [{ text: 'Ann: hi' }] },
    ]);
    expect(() => contents([{ role: 'user', content: [{ type: 'image', image: 'AAAA' }] }])).toThrow(
      /mediaType/,
    );
  });
});

interface WireContent {
  readonly role: string;
  readonly parts: readonly {
    readonly text?: string;
    readonly thoughtSignature?: string;
    readonly functionCall?: { readonly id: string; readonly name: string };
    readonly functionResponse?: { readonly id: string; readonly name: string };
  }[];
}

describe('any history', () => {
  test.each(['gemini-2.5-flash', 'gemini-3-pro-preview'])(
    'becomes what %s accepts, with every word in it',
    (model) => {
      fc.assert(
        fc.property(histories, (messages) => {
          const before = structuredClone(messages);
          const { body } = write({ messages }, model);
          const json = JSON.stringify(body);
          expect(wordsOf(messages).filter((word) => !json.includes(word))).toEqual([]);
          accepts(body['contents'] as readonly WireContent[]);
          expect(messages).toEqual(before);
        }),
        { numRuns: 300 },
      );
    },
  );
});

/** The vendor's rules. */
function accepts(contents: readonly WireContent[]): void {
  expect(contents.at(-1)?.role).toBe('user');
  for (const [index, { role, parts }] of contents.entries()) {
    expect(role).toBe(index % 2 === 0 ? 'user' : 'model');
    expect(parts).not.toHaveLength(0);
    const blank = parts.filter(
      ({ text, thoughtSignature }) =>
        text !== undefined && text.trim() === '' && thoughtSignature === undefined,
    );
    expect(blank).toEqual([]);
    const calls = parts.flatMap(({ functionCall }) =>
      functionCall === undefined ? [] : [[functionCall.id, functionCall.name]],
    );
    const next = contents[index + 1]?.parts ?? [];
    const results = next.flatMap(({ functionResponse: result }) =>
      result === undefined ? [] : [[result.id, result.name]],
    );
    expect(results).toEqual(calls);
  }
}
