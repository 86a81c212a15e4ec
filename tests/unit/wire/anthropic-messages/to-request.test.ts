import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Message } from '../../../../src/message.ts';
import type { ChatRequest } from '../../../../src/request.ts';
import { toRequest, type ToRequestOptions } from '../../../../src/wire/anthropic-messages/to-request.ts';
import type { WireRequest } from '../../../../src/wire/wire-request.ts';
import { histories, wordsOf } from '../histories.ts';

const hello: readonly Message[] = [{ role: 'user', content: 'やあ' }];

function write(request: Partial<ChatRequest>, options: Partial<ToRequestOptions> = {}): WireRequest {
  const plain = { model: 'claude-sonnet-4-5', provider: 'anthropic', cache: false, ...options };
  return toRequest({ ...request, messages: request.messages ?? hello }, plain);
}

function bodyOf(
  request: Partial<ChatRequest>,
  options: Partial<ToRequestOptions> = {},
): Readonly<Record<string, unknown>> {
  return write(request, options).body;
}

function wireMessages(messages: readonly Message[], options: Partial<ToRequestOptions> = {}): unknown {
  return bodyOf({ messages }, options)['messages'];
}

const text = (words: string): unknown => ({ type: 'text', text: words });

describe('fields', () => {
  test('a bare request is as small as it can be', () => {
    expect(bodyOf({})).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [text('やあ')] }],
      stream: true,
    });
  });

  test('every setting under its name', () => {
    const parameters = { type: 'object', properties: {} };
    const { body, dropped, ignored } = write({
      model: 'claude-3-5-haiku-latest',
      messages: [{ role: 'system', content: 'Be brief.' }, ...hello],
      temperature: 1.5,
      topP: 0.5,
      maxOutputTokens: 10,
      stop: ['END', '\n'],
      seed: 1,
      tools: [{ name: 'f', description: 'd', parameters }],
      toolChoice: { name: 'f' },
      providerOptions: {
        anthropic: { top_k: 5, magic: 1, disable_parallel_tool_use: true },
        openai: { user: 'x' },
      },
    });
    expect(body).toEqual({
      model: 'claude-3-5-haiku-latest',
      max_tokens: 10,
      system: [text('Be brief.')],
      messages: [{ role: 'user', content: [text('やあ')] }],
      stream: true,
      tools: [{ name: 'f', description: 'd', input_schema: parameters }],
      tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      temperature: 1,
      top_p: 0.5,
      stop_sequences: ['END'],
      top_k: 5,
    });
    expect(dropped).toEqual(['stop', 'seed']);
    expect(ignored).toEqual(['magic']);
  });

  test.each([
    ['claude-3-haiku-20240307', 'both'],
    ['claude-3-7-sonnet-latest', 'both'],
    ['claude-sonnet-4-20250514', 'both'],
    ['claude-opus-4-1-20250805', 'both'],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 'temperature'],
    ['claude-haiku-4-5@20251001', 'temperature'],
    ['claude-sonnet-4-6', 'temperature'],
    ['claude-opus-4-7', 'none'],
    ['claude-opus-4-8', 'none'],
    ['claude-sonnet-5', 'none'],
    ['claude-opus-5-5', 'none'],
    ['claude-mythos-preview', 'none'],
    ['claude-of-tomorrow', 'none'],
    ['kimi-k2', 'both'],
  ])('%s takes %s of temperature and top_p', (model, takes) => {
    const { body, dropped } = write({ model, temperature: 0.2, topP: 0.9 });
    expect([body['temperature'], body['top_p']]).toEqual([
      takes === 'none' ? undefined : 0.2,
      takes === 'both' ? 0.9 : undefined,
    ]);
    const left = { both: [], temperature: ['topP'], none: ['temperature', 'topP'] };
    expect(dropped).toEqual(left[takes as keyof typeof left]);
  });

  test.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
  ] as const)('tool choice %s', (toolChoice, wire) => {
    const tools = [{ name: 'f', parameters: {} }];
    expect(bodyOf({ tools, toolChoice })).toMatchObject({
      tool_choice: wire,
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
    });
    expect(bodyOf({ toolChoice })).not.toHaveProperty('tool_choice');
  });

  test('tools that the history speaks of are declared, though none is to be used', () => {
    const messages: Message[] = [
      ...hello,
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
    ];
    expect(bodyOf({ messages })).toMatchObject({
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      tool_choice: { type: 'none' },
    });
  });
});

describe('thinking', () => {
  test.each([
    ['claude-sonnet-4-5', 'low', { thinking: { type: 'enabled', budget_tokens: 2048 }, max_tokens: 2148 }],
    ['claude-sonnet-4-5', 'none', { max_tokens: 100 }],
    ['claude-3-haiku-20240307', 'high', { max_tokens: 100 }],
    [
      'claude-opus-4-6',
      'medium',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'medium' }, max_tokens: 8292 },
    ],
    ['claude-opus-4-8', 'none', { max_tokens: 100 }],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' }, max_tokens: 100 }],
    ['claude-opus-5-5', 'none', { output_config: { effort: 'low' }, max_tokens: 100 }],
    [
      'claude-fable-5',
      'minimal',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' }, max_tokens: 1124 },
    ],
  ] as const)('%s, effort %s', (model, effort, expected) => {
    const { thinking, output_config, max_tokens } = bodyOf({
      model,
      reasoning: { effort },
      maxOutputTokens: 100,
    });
    expect({ thinking, output_config, max_tokens }).toEqual({
      thinking: undefined,
      output_config: undefined,
      ...expected,
    });
  });

  test('a model that thinks unasked has room for it', () => {
    expect(bodyOf({}, { model: 'claude-opus-5' })).toHaveProperty('max_tokens', 16_384);
    expect(bodyOf({}, { model: 'claude-opus-5', maxOutputTokens: 50 })).toHaveProperty('max_tokens', 50);
  });

  test('what is known of the model is the bound where nobody names one', () => {
    const models = {
      find: (id: string) =>
        ({ 'claude-opus-5': { maxOutput: 128_000 }, 'claude-x': { maxOutput: null } })[id],
    };
    const boundOf = (request: Partial<ChatRequest>, maxOutputTokens?: number): unknown =>
      bodyOf(request, { model: 'claude-opus-5', models, maxOutputTokens })['max_tokens'];
    expect(boundOf({})).toBe(128_000);
    expect(boundOf({}, 50)).toBe(50);
    expect(boundOf({ maxOutputTokens: 7 }, 50)).toBe(7);
    expect(boundOf({ model: 'claude-x' })).toBe(16_384);
    expect(boundOf({ model: 'claude-haiku-4-5' })).toBe(4096);
  });

  test('thoughts get no more room than the model has, and take none from the answer', () => {
    const models = { find: () => ({ maxOutput: 64_000 }) };
    const boundOf = (maxOutputTokens?: number): unknown =>
      bodyOf({ reasoning: { effort: 'high' } }, { models, maxOutputTokens })['max_tokens'];
    expect([undefined, 10_000, 60_000, 70_000].map(boundOf)).toEqual([64_000, 26_384, 64_000, 70_000]);
    expect(bodyOf({ reasoning: { effort: 'high' }, maxOutputTokens: 60_000 })).toHaveProperty(
      'max_tokens',
      76_384,
    );
  });

  test('fixes the sampling, and yields to a forced tool', () => {
    const reasoning = { effort: 'low' } as const;
    expect(write({ reasoning, temperature: 0 })).toMatchObject({ dropped: ['temperature'] });
    const forced = write({ reasoning, tools: [{ name: 'f', parameters: {} }], toolChoice: 'required' });
    expect(forced.body).not.toHaveProperty('thinking');
    expect(forced.dropped).toEqual(['reasoning.effort']);
  });

  test('a tool turn that began without a thought goes on without', () => {
    const begin = (content: Message['content']): Message[] => [
      ...hello,
      { role: 'assistant', content, toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] } as Message,
      { role: 'tool', toolCallId: 'a', content: 'r' },
    ];
    const reasoning = { effort: 'low' } as const;
    const tools = [{ name: 'f', parameters: {} }];
    expect(bodyOf({ messages: begin(''), reasoning, tools })).not.toHaveProperty('thinking');
    const thought = [{ type: 'reasoning', text: 'hm', providerData: { signature: 's' } }] as const;
    expect(bodyOf({ messages: begin(thought), reasoning, tools })).toHaveProperty('thinking');
  });

  test('goes back as one block, text and signature together; another vendor’s does not', () => {
    const content = [
      { type: 'reasoning', text: 'first ' },
      { type: 'reasoning', text: 'second' },
      { type: 'reasoning', text: '', providerData: { signature: 'sig' } },
      { type: 'reasoning', text: '', providerData: { redacted_thinking: 'dat' } },
      { type: 'reasoning', text: 'foreign', providerData: { thoughtSignature: 'x' } },
      { type: 'text', text: 'So.' },
    ] as const;
    expect(wireMessages([...hello, { role: 'assistant', content }, ...hello])).toMatchObject([
      {},
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'first second', signature: 'sig' },
          { type: 'redacted_thinking', data: 'dat' },
          text('So.'),
        ],
      },
      {},
    ]);
  });
});

describe('the form of the answer', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { type: 'string', maxLength: 3 },
      b: { type: 'array', items: { type: 'object', properties: {} } },
    },
    required: ['a'],
  };

  test('as a schema, closed, its bounds as advice', () => {
    expect(bodyOf({ responseFormat: { type: 'json', schema } })['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            a: { type: 'string', description: '{"maxLength":3}' },
            b: { type: 'array', items: { type: 'object', properties: {}, additionalProperties: false } },
          },
          required: ['a'],
          additionalProperties: false,
        },
      },
    });
  });

  test.each([
    ['a model without schemas', { model: 'claude-3-haiku-20240307' }, schema],
    ['an object of any keys', {}, { type: 'object', additionalProperties: { type: 'string' } }],
    ['any object inside', {}, { type: 'object', properties: { a: { anyOf: [{ type: 'object' }] } } }],
  ])('in words: %s', (_what, request, open) => {
    const body = bodyOf({ ...request, responseFormat: { type: 'json', schema: open } });
    expect(body).not.toHaveProperty('output_config');
    expect(body['system']).toEqual([
      { type: 'text', text: expect.stringContaining(JSON.stringify(open)) as string },
    ]);
  });

  test('without a schema in words', () => {
    expect(bodyOf({ responseFormat: { type: 'json' } })['system']).toEqual([
      text('Answer with one JSON object, and nothing else.'),
    ]);
  });

  test('effort and format side by side', () => {
    const body = bodyOf({
      model: 'claude-opus-4-6',
      reasoning: { effort: 'high' },
      responseFormat: { type: 'json', schema },
    });
    expect(body['output_config']).toMatchObject({ effort: 'high', format: { type: 'json_schema' } });
  });
});

describe('messages', () => {
  test('systems at the head go up, one in the middle stays where it is, marked', () => {
    const messages: Message[] = [
      { role: 'system', content: 'A' },
      { role: 'system', content: 'B' },
      ...hello,
      { role: 'assistant', content: 'x' },
      { role: 'system', content: '以後は英語で。' },
      { role: 'user', content: 'go' },
    ];
    const body = bodyOf({ messages });
    expect(body['system']).toEqual([text('A'), text('B')]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('やあ')] },
      { role: 'assistant', content: [text('x')] },
      { role: 'user', content: [text('<system>\n以後は英語で。\n</system>'), text('go')] },
    ]);
  });

  test('an assistant that speaks first, twice, and last', () => {
    const messages: Message[] = [
      { role: 'assistant', content: 'Hi' },
      { role: 'assistant', content: 'there \n' },
    ];
    const first = { role: 'user', content: [text('(The conversation so far:)')] };
    expect(wireMessages(messages)).toEqual([
      first,
      { role: 'assistant', content: [text('Hi'), text('there')] },
    ]);
    expect(wireMessages(messages, { model: 'claude-opus-4-6' })).toEqual([
      first,
      { role: 'assistant', content: [text('Hi'), text('there \n')] },
      { role: 'user', content: [text('Continue.')] },
    ]);
  });

  test('blank ones are left out', () => {
    const messages: Message[] = [
      ...hello,
      { role: 'assistant', content: ' ' },
      { role: 'user', content: [{ type: 'text', text: '' }] },
    ];
    expect(wireMessages(messages)).toEqual([{ role: 'user', content: [text('やあ')] }]);
  });

  test('calls and results; an id that comes twice, or that the protocol refuses', () => {
    const toolCalls = [{ id: 'f:0', name: 'f', arguments: '{"x":1}' }];
    const result: Message = {
      role: 'tool',
      toolCallId: 'f:0',
      content: [{ type: 'image', image: 'AA', mediaType: 'image/png' }],
      isError: true,
    };
    const messages: Message[] = [
      ...hello,
      { role: 'assistant', content: '', toolCalls },
      result,
      { role: 'assistant', content: '', toolCalls },
      { ...result, content: 'ok' },
    ];
    expect(wireMessages(messages)).toEqual([
      { role: 'user', content: [text('やあ')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'f_0', name: 'f', input: { x: 1 } }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'f_0',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } }],
            is_error: true,
          },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'f_0_2', name: 'f', input: { x: 1 } }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'f_0_2', content: 'ok', is_error: true }],
      },
    ]);
  });

  test('pictures, documents and speakers', () => {
    const content = [
      { type: 'image', image: 'https://x.test/a.png' },
      { type: 'image', image: 'data:image/webp;base64,BB' },
      { type: 'file', data: 'CC', mediaType: 'application/pdf', filename: 'a.pdf' },
      { type: 'file', data: 'https://x.test/b.pdf', mediaType: 'application/pdf' },
      { type: 'file', data: '44GC', mediaType: 'text/plain' },
      { type: 'file', data: 'data:text/csv,a%2Cb', mediaType: 'text/csv' },
    ] as const;
    expect(wireMessages([{ role: 'user', name: '花子', content }])).toEqual([
      {
        role: 'user',
        content: [
          text('花子:'),
          { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'BB' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'CC' },
            title: 'a.pdf',
          },
          { type: 'document', source: { type: 'url', url: 'https://x.test/b.pdf' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'あ' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' } },
        ],
      },
    ]);
    expect(wireMessages([{ role: 'user', name: 'Ann', content: 'hi' }])).toEqual([
      { role: 'user', content: [text('Ann: hi')] },
    ]);
  });

  test.each([
    ['a type nobody reads', { data: 'AA', mediaType: 'application/zip' }],
    ['text by URL', { data: 'https://x.test/a.txt', mediaType: 'text/plain' }],
    ['text that is no base64', { data: '%%', mediaType: 'text/plain' }],
  ])('what cannot be sent is said: %s', (_what, file) => {
    const send = (): unknown => wireMessages([{ role: 'user', content: [{ type: 'file', ...file }] }]);
    expect(send).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

describe('the cache', () => {
  const mark = { cache_control: { type: 'ephemeral' } };

  test('is marked behind the system and behind the message before the newest', () => {
    const messages: Message[] = [
      { role: 'system', content: 'A' },
      ...hello,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'x' },
          { type: 'reasoning', text: 't', providerData: { signature: 's' } },
        ],
      },
      { role: 'user', content: 'new' },
    ];
    const body = bodyOf({ messages }, { cache: true });
    expect(body['system']).toMatchObject([mark]);
    expect(body['messages']).toMatchObject([{}, { content: [mark, { type: 'thinking' }] }, {}]);
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(2);
  });

  test('without a system behind the tools; of a single message not at all', () => {
    const body = bodyOf({ tools: [{ name: 'f', parameters: {} }] }, { cache: true });
    expect(body['tools']).toMatchObject([mark]);
    expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(1);
    expect(JSON.stringify(bodyOf({}, { cache: false }))).not.toContain('cache_control');
  });
});

interface WireBlock {
  readonly type: string;
  readonly id?: string;
  readonly tool_use_id?: string;
  readonly text?: string;
}
interface WireMessage {
  readonly role: string;
  readonly content: readonly WireBlock[];
}

describe('any history', () => {
  test.each(['claude-sonnet-4-5', 'claude-sonnet-5'])(
    'becomes what %s accepts, with every word in it',
    (model) => {
      fc.assert(
        fc.property(histories, fc.constantFrom('none' as const, 'low' as const), (messages, effort) => {
          const before = structuredClone(messages);
          const body = bodyOf({ messages, model, reasoning: { effort } }, { cache: true });
          const json = JSON.stringify(body);
          for (const word of wordsOf(messages)) expect(json).toContain(word);
          accepts(body['messages'] as readonly WireMessage[]);
          if (model === 'claude-sonnet-5')
            expect((body['messages'] as readonly WireMessage[]).at(-1)?.role).toBe('user');
          expect(messages).toEqual(before);
        }),
        { numRuns: 300 },
      );
    },
  );
});

/** The vendor's rules. */
function accepts(messages: readonly WireMessage[]): void {
  const seen = new Set<string>();
  for (const [index, { role, content }] of messages.entries()) {
    expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant');
    expect(content).not.toHaveLength(0);
    for (const block of content) if (block.type === 'text') expect(block.text?.trim()).not.toBe('');
    const calls = content.flatMap(({ type, id = '' }) => (type === 'tool_use' ? [id] : []));
    for (const id of calls) {
      expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(seen.has(id)).toBe(false);
      seen.add(id);
    }
    // Results follow at once, and come first in their message.
    const next = messages[index + 1]?.content ?? [];
    expect(next.slice(0, calls.length).map(({ tool_use_id }) => tool_use_id)).toEqual(
      calls.length === 0 ? [] : calls,
    );
    const results = content.filter(({ type }) => type === 'tool_result');
    const asked = (messages[index - 1]?.content ?? []).filter(({ type }) => type === 'tool_use');
    expect(results).toHaveLength(asked.length);
  }
}
