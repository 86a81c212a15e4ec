import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Message } from '../../../../src/message.ts';
import type { ChatRequest } from '../../../../src/request.ts';
import { toRequest } from '../../../../src/wire/openai-responses/to-request.ts';
import type { WireRequest } from '../../../../src/wire/wire-request.ts';
import { histories, wordsOf } from '../histories.ts';

const hello: readonly Message[] = [{ role: 'user', content: 'やあ' }];

function write(request: Partial<ChatRequest>, model = 'gpt-4.1'): WireRequest {
  return toRequest({ ...request, messages: request.messages ?? hello }, { model, provider: 'openai' });
}

function input(messages: readonly Message[]): unknown {
  return write({ messages }).body['input'];
}

const text = (words: string): unknown => ({ type: 'input_text', text: words });

describe('fields', () => {
  test('a bare request is as small as it can be, and stores nothing', () => {
    expect(write({}).body).toEqual({
      model: 'gpt-4.1',
      input: [{ role: 'user', content: [text('やあ')] }],
      stream: true,
      store: false,
    });
    expect(write({}, 'gpt-5-mini').body).toMatchObject({ include: ['reasoning.encrypted_content'] });
  });

  test('every setting under its name', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const { body, dropped, ignored } = write({
      model: 'gpt-5.1',
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 16,
      stop: ['END'],
      seed: 1,
      tools: [{ name: 'f', description: 'd', parameters: schema }],
      toolChoice: { name: 'f' },
      reasoning: { effort: 'low' },
      responseFormat: { type: 'json', schema },
      providerOptions: {
        openai: {
          verbosity: 'low',
          reasoning_summary: 'auto',
          tools: [{ type: 'web_search' }],
          prompt_cache_key: 'k',
          input: 'x',
          magic: 1,
        },
      },
    });
    expect(body).toEqual({
      model: 'gpt-5.1',
      input: [{ role: 'user', content: [text('やあ')] }],
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content'],
      max_output_tokens: 16,
      temperature: 0,
      top_p: 0.5,
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: schema, strict: false },
        { type: 'web_search' },
      ],
      tool_choice: { type: 'function', name: 'f' },
      text: { format: { type: 'json_schema', name: 'answer', schema, strict: false }, verbosity: 'low' },
      reasoning: { effort: 'low', summary: 'auto' },
      prompt_cache_key: 'k',
    });
    expect(dropped).toEqual(['stop', 'seed']);
    expect(ignored).toEqual(['input', 'magic']);
  });

  test.each([
    ['gpt-5', true, false],
    ['gpt-5-mini-2025-08-07', true, false],
    ['openai/gpt-5-nano', true, false],
    ['o4-mini', true, false],
    ['gpt-5-chat-latest', false, true],
    ['gpt-5.2', true, true],
    ['gpt-6-mini', true, true],
    ['gpt-4o', false, true],
    ['qwen3', false, true],
  ])('%s: thinks %s, takes sampling %s', (model, reasons, sampling) => {
    const { body, dropped } = write({ temperature: 0.3, topP: 0.4 }, model);
    expect(body['include']).toEqual(reasons ? ['reasoning.encrypted_content'] : undefined);
    expect([body['temperature'], body['top_p']]).toEqual(sampling ? [0.3, 0.4] : [undefined, undefined]);
    expect(dropped).toEqual(sampling ? [] : ['temperature', 'topP']);
  });

  test('the form of the answer', () => {
    const strict = { type: 'object', properties: {}, additionalProperties: false };
    expect(write({ responseFormat: { type: 'json' } }).body['text']).toEqual({
      format: { type: 'json_object' },
    });
    expect(write({ responseFormat: { type: 'json', schema: strict, name: 'n' } }).body['text']).toEqual({
      format: { type: 'json_schema', name: 'n', schema: strict, strict: true },
    });
  });

  test('what is stored, and what is chosen without tools', () => {
    expect(write({ providerOptions: { openai: { store: true } } }).body).toMatchObject({ store: true });
    expect(write({ toolChoice: 'required' }).body).not.toHaveProperty('tool_choice');
  });
});

describe('messages', () => {
  test('every role as its items', () => {
    expect(
      input([
        { role: 'system', content: 'A' },
        { role: 'user', name: '花子', content: 'hi' },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'sum' },
            { type: 'reasoning', text: 'mary', providerData: { id: 'rs_1', encrypted_content: 'enc' } },
            { type: 'reasoning', text: 'foreign', providerData: { signature: 's' } },
            { type: 'text', text: 'Looking.' },
          ],
          toolCalls: [{ id: 'c', name: 'f', arguments: '' }],
        },
        { role: 'tool', toolCallId: 'c', content: 'broken', isError: true },
        { role: 'system', content: 'B' },
        { role: 'assistant', content: 'done' },
      ]),
    ).toEqual([
      { role: 'system', content: [text('A')] },
      { role: 'user', content: [text('花子: hi')] },
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'summary' }],
        encrypted_content: 'enc',
      },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Looking.' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'Error: broken' },
      { role: 'system', content: [text('B')] },
      { role: 'assistant', content: [{ type: 'output_text', text: 'done' }] },
    ]);
  });

  test('a thought that nothing follows stays behind', () => {
    const content = [
      { type: 'reasoning', text: '', providerData: { id: 'rs', encrypted_content: 'e' } },
    ] as const;
    expect(input([...hello, { role: 'assistant', content }])).toHaveLength(1);
    expect(
      input([...hello, { role: 'assistant', content, toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }] }]),
    ).toHaveLength(4);
  });

  test('pictures and files, of users and of tools', () => {
    const content = [
      { type: 'text', text: '見て' },
      { type: 'image', image: 'https://x.test/a.png', detail: 'low' },
      { type: 'image', image: 'AA', mediaType: 'image/png' },
      { type: 'file', data: 'BB', mediaType: 'application/pdf', filename: 'a.pdf' },
      { type: 'file', data: 'https://x.test/b.pdf', mediaType: 'application/pdf' },
      { type: 'file', data: 'CC', mediaType: 'image/webp' },
    ] as const;
    const wire = [
      text('見て'),
      { type: 'input_image', image_url: 'https://x.test/a.png', detail: 'low' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BB' },
      { type: 'input_file', file_url: 'https://x.test/b.pdf' },
      { type: 'input_image', image_url: 'data:image/webp;base64,CC', detail: 'auto' },
    ];
    const toolCalls = [{ id: 'c', name: 'f', arguments: '{}' }];
    expect(
      input([
        { role: 'user', content },
        { role: 'assistant', content: '', toolCalls },
        { role: 'tool', toolCallId: 'c', content, isError: true },
      ]),
    ).toEqual([
      { role: 'user', content: wire },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: [text('Error:'), ...wire] },
    ]);
  });
});

interface WireItem {
  readonly role?: string;
  readonly type?: string;
  readonly call_id?: string;
  readonly content?: readonly { readonly text?: string }[];
}

test('any history becomes what the vendor accepts, with every word in it', () => {
  fc.assert(
    fc.property(histories, (messages) => {
      const before = structuredClone(messages);
      const { body } = write({ messages });
      const json = JSON.stringify(body);
      const escaped = JSON.stringify(json);
      expect(wordsOf(messages).filter((word) => !json.includes(word) && !escaped.includes(word))).toEqual([]);
      accepts(body['input'] as readonly WireItem[]);
      expect(messages).toEqual(before);
    }),
    { numRuns: 300 },
  );
});

/** The vendor's rules: every call has one output, behind it; ids are not too long; a thought has something behind it; no text is blank. */
function accepts(items: readonly WireItem[]): void {
  const open = new Set<string>();
  for (const [index, { type, role, call_id: id = '', content = [] }] of items.entries()) {
    if (type === 'function_call') {
      expect(id).toMatch(/^[\w-]{1,64}$/);
      expect(open.has(id)).toBe(false);
      open.add(id);
    }
    if (type === 'function_call_output') expect(open.delete(id)).toBe(true);
    const follower = items[index + 1];
    const isFollowed =
      follower?.role === 'assistant' || follower?.type === 'function_call' || follower?.type === 'reasoning';
    expect(type !== 'reasoning' || isFollowed).toBe(true);
    expect(content.filter((part) => part.text?.trim() === '')).toEqual([]);
    expect(role === undefined || content.length > 0).toBe(true);
  }
  expect([...open]).toEqual([]);
}
