import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkUrls, urlFiles } from '../../../src/ai-sdk/check-urls.ts';
import type { CallOptions, PromptMessage } from '../../../src/ai-sdk/language-model.ts';
import { olderPrompt } from '../../../src/ai-sdk/older-prompt.ts';
import { toCallOptions } from '../../../src/ai-sdk/to-call-options.ts';
import type { Message } from '../../../src/message.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { histories, wordsOf } from '../wire/histories.ts';

const { signal } = new AbortController();
const hi: Message = { role: 'user', content: 'こんにちは' };

function optionsOf(request: Partial<ChatRequest>): CallOptions {
  return toCallOptions({ messages: [hi], ...request }, signal);
}

function promptOf(...messages: Message[]): PromptMessage[] {
  return optionsOf({ messages }).prompt;
}

describe('the settings', () => {
  it('are left out where the request leaves them out', () => {
    expect(optionsOf({})).toEqual({
      prompt: [{ role: 'user', content: [{ type: 'text', text: 'こんにちは' }] }],
      abortSignal: signal,
    });
  });

  it('go on by the names of the specification', () => {
    const schema = { type: 'object', properties: { 都市: { type: 'string' } } };
    const options = optionsOf({
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 100,
      stop: ['終'],
      seed: 0,
      reasoning: { effort: 'low' },
      responseFormat: { type: 'json', schema, name: 'city' },
      tools: [{ name: 'weather', description: '天気', parameters: schema }],
      toolChoice: { name: 'weather' },
      providerOptions: { openai: { store: false }, acme: { x: 1 } },
    });
    expect(options).toMatchObject({
      temperature: 0,
      topP: 0.5,
      maxOutputTokens: 100,
      stopSequences: ['終'],
      seed: 0,
      reasoning: 'low',
      responseFormat: { type: 'json', schema, name: 'city' },
      tools: [{ type: 'function', name: 'weather', description: '天気', inputSchema: schema }],
      toolChoice: { type: 'tool', toolName: 'weather' },
      providerOptions: { openai: { store: false }, acme: { x: 1 } },
    });
  });

  it('name no choice where there are no tools', () => {
    expect(optionsOf({ tools: [], toolChoice: 'none' })).not.toHaveProperty('toolChoice');
    expect(optionsOf({ tools: [{ name: 'f', parameters: {} }], toolChoice: 'required' }).toolChoice).toEqual({
      type: 'required',
    });
  });
});

describe('the prompt', () => {
  it('takes a tool call apart and finds the name of its result', () => {
    const call = {
      id: 'c1',
      name: 'weather',
      arguments: '{"city":"東京"}',
      providerData: { openai: { itemId: 'fc_1' } },
    };
    const other = { id: 'c2', name: 'time', arguments: '{"half' };
    expect(
      promptOf(
        hi,
        { role: 'assistant', content: '調べます', toolCalls: [call, other] },
        { role: 'tool', toolCallId: 'c2', content: 'bad JSON', isError: true },
        { role: 'tool', toolCallId: 'c1', content: '晴れ' },
        { role: 'user', content: 'ありがとう' },
      ).slice(1),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: '調べます' },
          {
            type: 'tool-call',
            toolCallId: 'c1',
            toolName: 'weather',
            input: { city: '東京' },
            providerOptions: { openai: { itemId: 'fc_1' } },
          },
          // Text that is no JSON is kept, inside the object that every provider behind the specification demands.
          { type: 'tool-call', toolCallId: 'c2', toolName: 'time', input: { arguments: '{"half' } },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: 'c1',
            toolName: 'weather',
            output: { type: 'text', value: '晴れ' },
          },
          {
            type: 'tool-result',
            toolCallId: 'c2',
            toolName: 'time',
            output: { type: 'error-text', value: 'bad JSON' },
          },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'ありがとう' }] },
    ]);
  });

  it('gives thoughts back with what the provider said of them, and no other vendor’s proofs', () => {
    const prompt = promptOf(hi, {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'First ' },
        { type: 'reasoning', text: 'this.' },
        { type: 'reasoning', text: '', providerData: { anthropic: { signature: 's==' } } },
        { type: 'reasoning', text: 'Then that.', providerData: { signature: 'of another adapter' } },
        { type: 'text', text: 'Answer' },
        { type: 'reasoning', text: 'Bare.' },
        { type: 'text', text: 'more' },
      ],
    });
    expect(prompt[1]?.content).toEqual([
      { type: 'reasoning', text: 'First this.', providerOptions: { anthropic: { signature: 's==' } } },
      { type: 'reasoning', text: 'Then that.' },
      { type: 'text', text: 'Answer' },
      { type: 'reasoning', text: 'Bare.' },
      { type: 'text', text: 'more' },
    ]);
  });

  it('makes files of pictures and documents', () => {
    const [message] = promptOf({
      role: 'user',
      name: '花子',
      content: [
        { type: 'text', text: 'これは？' },
        { type: 'image', image: 'https://example.com/a.png', detail: 'high' },
        { type: 'image', image: 'data:image/webp;base64,AAAA' },
        { type: 'file', data: 'BBBB', mediaType: 'application/pdf', filename: 'a.pdf' },
      ],
    });
    expect(message?.content).toEqual([
      { type: 'text', text: '花子: これは？' },
      {
        type: 'file',
        mediaType: 'image/*',
        data: { type: 'url', url: new URL('https://example.com/a.png') },
        providerOptions: { openai: { imageDetail: 'high' } },
      },
      { type: 'file', mediaType: 'image/webp', data: { type: 'data', data: 'AAAA' } },
      { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'BBBB' } },
    ]);
    const bad = { type: 'image', image: 'https://[' } as const;
    expect(() => promptOf({ role: 'user', content: [bad] })).toThrow(/URL that cannot be read/);
  });

  it('keeps system messages at the head, and marks one in the middle', () => {
    expect(
      promptOf({ role: 'system', content: 'A' }, { role: 'system', content: 'B' }, hi, {
        role: 'system',
        content: '注',
      }),
    ).toEqual([
      { role: 'system', content: 'A' },
      { role: 'system', content: 'B' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'こんにちは' },
          { type: 'text', text: '<system>\n注\n</system>' },
        ],
      },
    ]);
  });

  it('is in order for any history, and loses no word', () => {
    fc.assert(
      fc.property(histories, (messages) => {
        const { prompt } = optionsOf({ messages });
        const sent = JSON.stringify(prompt);
        expect(wordsOf(messages).filter((word) => !sent.includes(word))).toEqual([]);
        expectInOrder(prompt);
      }),
    );
  });

  it('changes nothing of the request', () => {
    fc.assert(
      fc.property(histories, (messages) => {
        const before = structuredClone(messages);
        olderPrompt(optionsOf({ messages }).prompt, 'v3');
        expect(messages).toEqual(before);
      }),
    );
  });
});

function expectInOrder(prompt: readonly PromptMessage[]): void {
  const roles = prompt.map(({ role }) => role);
  const talk = roles.slice(roles.findLastIndex((role) => role === 'system') + 1);
  expect(talk).not.toContain('system');
  expect(talk[0]).toBe('user');
  expect(prompt.filter(({ content }) => content.length === 0)).toEqual([]);
  const ids: string[] = [];
  for (const [index, message] of prompt.entries()) {
    expect(message.role === 'system' || roles[index - 1] !== message.role).toBe(true);
    if (message.role !== 'assistant') continue;
    const calls = message.content.filter((part) => part.type === 'tool-call');
    ids.push(...calls.map(({ toolCallId }) => toolCallId));
    const next = prompt[index + 1];
    const results = next?.role === 'tool' ? next.content : [];
    expect(results.map(({ toolCallId, toolName }) => [toolCallId, toolName])).toEqual(
      calls.map(({ toolCallId, toolName }) => [toolCallId, toolName]),
    );
  }
  expect(new Set(ids).size).toBe(ids.length);
}

describe('the prompt for older versions', () => {
  const picture = { type: 'image', image: 'AAAA', mediaType: 'image/png' } as const;
  const linked = { type: 'image', image: 'https://example.com/a.png' } as const;
  const withResult = (...content: (typeof picture | typeof linked)[]): PromptMessage[] =>
    promptOf(
      { role: 'user', content: [picture, linked] },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'c', content },
    );

  it('has files untagged', () => {
    const prompt = withResult(picture, linked);
    expect(olderPrompt(prompt, 'v4')).toBe(prompt);
    const [user, , tool] = olderPrompt(prompt, 'v3');
    expect(user).toEqual({
      role: 'user',
      content: [
        { type: 'file', mediaType: 'image/png', data: 'AAAA' },
        { type: 'file', mediaType: 'image/*', data: new URL('https://example.com/a.png') },
      ],
    });
    expect(tool).toMatchObject({
      content: [
        {
          output: {
            type: 'content',
            value: [
              { type: 'file-data', data: 'AAAA', mediaType: 'image/png' },
              { type: 'file-url', url: 'https://example.com/a.png' },
            ],
          },
        },
      ],
    });
  });

  it('has media in results for version 2, and no URLs', () => {
    const [, , tool] = olderPrompt(withResult(picture), 'v2');
    expect(tool).toMatchObject({
      content: [{ output: { value: [{ type: 'media', data: 'AAAA', mediaType: 'image/png' }] } }],
    });
    expect(() => olderPrompt(withResult(linked), 'v2')).toThrow(/no URLs in the result of a tool/);
  });
});

describe('URLs', () => {
  const files = urlFiles(
    promptOf({
      role: 'user',
      content: [
        { type: 'image', image: 'https://example.com/A.png?token=geheim', mediaType: 'image/png' },
        { type: 'image', image: 'AAAA', mediaType: 'image/png' },
      ],
    }),
  );

  it.each([
    [{ 'image/*': [/^https:\/\/.*$/] }],
    [{ '*': [/./g] }],
    [{ '*/*': [/example\.com\/a/y, /^https:\/\/example\.com\/a/] }],
    [{ 'Image/PNG': [/A\.png/] }],
  ])('that the model loads are passed on: %o', (supported) => {
    expect(() => checkUrls(files, supported, 'acme')).not.toThrow();
    expect(() => checkUrls(files, supported, 'acme')).not.toThrow();
  });

  it.each([[{}], [{ 'application/pdf': [/./] }], [{ 'image/*': [/^http:/] }]])(
    'that it does not load are an error without the URL: %o',
    (supported) => {
      expect(() => checkUrls(files, supported, 'acme')).toThrow(/acme does not load image\/png.*base64/);
      expect(() => checkUrls(files, supported, 'acme')).not.toThrow(/geheim/);
    },
  );

  it('are looked for in results of tools too', () => {
    const found = urlFiles(
      promptOf(
        hi,
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'c', content: [{ type: 'image', image: 'https://example.com/a.png' }] },
      ),
    );
    expect(found).toHaveLength(1);
  });
});
