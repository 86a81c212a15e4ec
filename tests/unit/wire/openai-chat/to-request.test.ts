import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { KatamariError } from '../../../../src/errors.ts';
import type { Message } from '../../../../src/message.ts';
import type { ChatRequest } from '../../../../src/request.ts';
import type { OpenaiChatDialect } from '../../../../src/wire/openai-chat/dialect.ts';
import { toRequest } from '../../../../src/wire/openai-chat/to-request.ts';

function bodyOf(
  request: Partial<ChatRequest>,
  dialect: OpenaiChatDialect = {},
): Readonly<Record<string, unknown>> {
  const messages = request.messages ?? [{ role: 'user', content: 'やあ' }];
  return toRequest({ ...request, messages }, { model: 'm-1', provider: 'test', dialect }).body;
}

function wireMessages(messages: readonly Message[], dialect: OpenaiChatDialect = {}): unknown {
  return bodyOf({ messages }, dialect)['messages'];
}

describe('fields', () => {
  test('a bare request is as small as it can be', () => {
    expect(bodyOf({})).toEqual({
      model: 'm-1',
      messages: [{ role: 'user', content: 'やあ' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('every setting under its name', () => {
    const parameters = { type: 'object', properties: {} };
    const body = bodyOf({
      model: 'm-2',
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 10,
      stop: ['END'],
      seed: 0,
      tools: [{ name: 'f', description: 'd', parameters }],
      toolChoice: { name: 'f' },
      reasoning: { effort: 'low', parallel: true },
    });
    expect(body).toMatchObject({
      model: 'm-2',
      temperature: 0,
      top_p: 0.5,
      max_tokens: 10,
      stop: ['END'],
      seed: 0,
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters } }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      reasoning_effort: 'low',
    });
    expect(body).not.toHaveProperty('reasoning');
  });

  test('a choice of tools is sent beside tools only', () => {
    expect(bodyOf({ toolChoice: 'auto' })).not.toHaveProperty('tool_choice');
    expect(bodyOf({ tools: [], toolChoice: 'none' })).not.toHaveProperty('tools');
  });

  test.each([
    [{ maxTokensField: 'max_completion_tokens' }, { max_completion_tokens: 10 }],
    [{ seedField: 'random_seed' }, { random_seed: 7 }],
    [{ reasoning: 'reasoning-object' }, { reasoning: { effort: 'none' } }],
    [{ reasoning: 'enable_thinking' }, { enable_thinking: false }],
    [{ reasoning: 'thinking-object' }, { thinking: { type: 'disabled' } }],
  ] as const)('dialect %o', (dialect, expected) => {
    expect(bodyOf({ maxOutputTokens: 10, seed: 7, reasoning: { effort: 'none' } }, dialect)).toMatchObject(
      expected,
    );
  });

  test('a host that refuses stream_options is not sent them', () => {
    expect(bodyOf({}, { streamUsage: false })).not.toHaveProperty('stream_options');
  });

  test('known options are sent, the host’s own by its list, all others are named', () => {
    const providerOptions = {
      test: { user: 'u', top_n: 3, magic: true, unset: undefined },
      other: { user: 'x' },
    };
    const { body, ignored } = toRequest(
      { messages: [], providerOptions },
      { model: 'm', provider: 'test', dialect: { options: ['top_n'] } },
    );
    expect(body).toMatchObject({ user: 'u', top_n: 3 });
    expect(body).not.toHaveProperty('magic');
    expect(ignored).toEqual(['magic']);
  });

  test('an option cannot replace the messages or the model', () => {
    const { body, ignored } = toRequest(
      { messages: [], providerOptions: { test: { messages: 'x', model: 'y', stream: false } } },
      { model: 'm', provider: 'test', dialect: {} },
    );
    expect(body).toMatchObject({ model: 'm', messages: [], stream: true });
    expect(ignored).toEqual(['messages', 'model', 'stream']);
  });
});

describe('the form of the answer', () => {
  const open = { type: 'object', properties: { a: { type: 'string' } } };
  const closed = { ...open, required: ['a'], additionalProperties: false };

  test('strict where the schema leaves nothing open', () => {
    expect(bodyOf({ responseFormat: { type: 'json', schema: closed } })['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: closed },
    });
    expect(bodyOf({ responseFormat: { type: 'json', schema: open, name: 'n' } })['response_format']).toEqual({
      type: 'json_schema',
      json_schema: { name: 'n', schema: open },
    });
    const nested = { type: 'object', properties: { b: open }, required: ['b'], additionalProperties: false };
    expect(
      bodyOf({ responseFormat: { type: 'json', schema: nested } })['response_format'],
    ).not.toHaveProperty('json_schema.strict');
  });

  test('without a schema any object', () => {
    expect(bodyOf({ responseFormat: { type: 'json' } })['response_format']).toEqual({ type: 'json_object' });
  });

  test('a host without schemas is told in words, behind the system messages', () => {
    const messages: Message[] = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'u' },
    ];
    const body = bodyOf(
      { messages, responseFormat: { type: 'json', schema: closed } },
      { jsonSchema: false },
    );
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(body['messages']).toMatchObject([
      { role: 'system', content: 's' },
      { role: 'system', content: expect.stringContaining(JSON.stringify(closed)) as string },
      { role: 'user', content: 'u' },
    ]);
  });
});

describe('messages', () => {
  test('parts', () => {
    expect(
      wireMessages([
        {
          role: 'user',
          name: '佐藤 花子',
          content: [
            { type: 'text', text: '見て' },
            { type: 'image', image: 'https://x.test/a.png', detail: 'low' },
            { type: 'image', image: 'AAAA', mediaType: 'image/png' },
            { type: 'file', data: 'BBBB', mediaType: 'application/pdf', filename: 'a.pdf' },
            { type: 'file', data: 'data:audio/wav;base64,CCCC', mediaType: 'audio/wav' },
          ],
        },
      ]),
    ).toEqual([
      {
        role: 'user',
        name: '佐藤_花子',
        content: [
          { type: 'text', text: '見て' },
          { type: 'image_url', image_url: { url: 'https://x.test/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
        ],
      },
    ]);
  });

  test('text alone is a string', () => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ] as const;
    expect(wireMessages([{ role: 'user', content }])).toEqual([{ role: 'user', content: 'a\nb' }]);
  });

  test('what cannot be sent is said, not dropped', () => {
    const byUrl: Message = {
      role: 'user',
      content: [{ type: 'file', data: 'https://x.test/a.pdf', mediaType: 'application/pdf' }],
    };
    expect(() => wireMessages([byUrl])).toThrow(KatamariError);
    expect(() => wireMessages([byUrl], { fileUrls: true })).not.toThrow();
    expect(() => wireMessages([{ role: 'user', content: [{ type: 'image', image: 'AAAA' }] }])).toThrow(
      /mediaType/,
    );
  });

  test('calls and results, pictures of a result behind the last one', () => {
    expect(
      wireMessages([
        {
          role: 'assistant',
          content: '',
          toolCalls: [
            { id: 'a', name: 'f', arguments: '' },
            { id: 'b', name: 'g', arguments: '{"x":1}' },
          ],
        },
        {
          role: 'tool',
          toolCallId: 'a',
          content: [
            { type: 'text', text: 'one' },
            { type: 'image', image: 'data:image/png;base64,AA' },
          ],
        },
        { role: 'tool', toolCallId: 'b', content: 'two' },
        { role: 'user', content: 'go on' },
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'two' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
      { role: 'user', content: 'go on' },
    ]);
  });

  test('reasoning goes back beside tool calls, where the host wants it', () => {
    const message: Message = {
      role: 'assistant',
      content: [
        {
          type: 'reasoning',
          text: 'hm',
          providerData: { reasoning_details: [{ text: 'hm', signature: 's' }] },
        },
      ],
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{}', providerData: { extra_content: { google: 1 }, other: 2 } },
      ],
    };
    const first = (dialect: OpenaiChatDialect): unknown => (wireMessages([message], dialect) as unknown[])[0];
    expect(first({})).not.toHaveProperty('reasoning_content');
    expect(first({})).toHaveProperty('tool_calls.0.extra_content', { google: 1 });
    expect(first({})).not.toHaveProperty('tool_calls.0.other');
    expect(first({ reasoningBack: 'reasoning_content' })).toHaveProperty('reasoning_content', 'hm');
    expect(first({ reasoningBack: 'reasoning_details' })).toHaveProperty('reasoning_details', [
      { text: 'hm', signature: 's' },
    ]);
  });

  test('short ids still match', () => {
    const wire = wireMessages(
      [
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'call_very_long_one', name: 'f', arguments: '{}' }],
        },
        { role: 'tool', toolCallId: 'call_very_long_one', content: 'x' },
      ],
      { shortToolIds: true },
    ) as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
    expect(wire[0]?.tool_calls?.[0]?.id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(wire[1]?.tool_call_id).toBe(wire[0]?.tool_calls?.[0]?.id);
  });

  test('the request is not changed, whatever it is', () => {
    const message = fc.oneof(
      fc.record({ role: fc.constant('user' as const), content: fc.string() }),
      fc.record({
        role: fc.constant('tool' as const),
        toolCallId: fc.constantFrom('a', 'b'),
        content: fc.string(),
      }),
      fc.record({ role: fc.constant('assistant' as const), content: fc.string() }),
    );
    fc.assert(
      fc.property(fc.array(message), (messages) => {
        const before = structuredClone(messages);
        wireMessages(messages);
        expect(messages).toEqual(before);
      }),
    );
  });
});
