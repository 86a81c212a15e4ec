import { Chain, persona, ProviderError, reflect } from 'katamari';
import { serve } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { scriptedProvider, type ScriptedProvider, type ScriptSource } from 'katamari/testing';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';

const KEY = 'a-key-of-sixteen-or-more';
const usage = { token_in: 12, token_out: 5, token_cache_read: 4, token_reasoning: 2 };

async function scene(
  scripts: readonly ScriptSource[],
  chain = (provider: ScriptedProvider) => new Chain({ provider }),
) {
  const provider = scriptedProvider(scripts, { retry: { maxRetries: 0 } });
  const handler = createHandler({
    chains: { default: chain(provider) },
    personas: { terse: { name: 'terse', style: 'Say little.' } },
    auth: { keys: [KEY] },
  });
  const server = await serve(handler, { port: 0 });
  const client = new OpenAI({ apiKey: KEY, baseURL: `${server.url}/v1`, maxRetries: 0 });
  return { provider, handler, server, client, [Symbol.asyncDispose]: () => server.close() };
}

const hello = { model: 'katamari/default', messages: [{ role: 'user' as const, content: 'Hello' }] };

describe('the openai SDK over a chain', () => {
  it('gets a completion', async () => {
    await using it = await scene([{ text: ['Good ', 'day'], usage }]);
    const { data, request_id } = await it.client.chat.completions.create(hello).withResponse();
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'katamari/default',
      choices: [
        {
          index: 0,
          finish_reason: 'stop',
          message: { role: 'assistant', content: 'Good day', refusal: null },
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 5,
        total_tokens: 17,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    expect(data.id).toBe(`chatcmpl-${request_id}`);
  });

  it('gets chunks, and the usage where it asks for it', async () => {
    await using it = await scene([{ text: ['Good ', 'day ', 'こんにちは'], usage }]);
    const stream = await it.client.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content)).toEqual([
      '',
      'Good ',
      'day ',
      'こんにちは',
      undefined,
      undefined,
    ]);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([
      null,
      null,
      null,
      null,
      'stop',
      undefined,
    ]);
    expect(chunks.map(({ usage }) => usage?.total_tokens)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      17,
    ]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('gets no usage where it does not ask', async () => {
    await using it = await scene(['Hi']);
    const stream = await it.client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk).not.toHaveProperty('usage');
    }
  });

  it('gets the answer alone of a chain that reflects', async () => {
    await using it = await scene(
      [
        'a draft',
        '{"verdict":"revise","issues":[{"quote":"a draft","problem":"thin"}]}',
        { text: ['the ', 'end'] },
      ],
      (provider) => new Chain({ provider }).use(reflect()),
    );
    const stream = await it.client.chat.completions.create({ ...hello, stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('the end');
    expect(it.provider.requests).toHaveLength(3);
  });

  it('passes tools, calls and results through', async () => {
    const call = { id: 'call_1', name: 'clock', arguments: '{"zone":"UTC"}' };
    await using it = await scene([{ toolCalls: [call] }, 'Noon.', { toolCalls: [call] }]);
    const tools = [
      {
        type: 'function' as const,
        function: { name: 'clock', description: 'Time', parameters: { type: 'object' } },
      },
    ];
    const asked = await it.client.chat.completions.create({ ...hello, tools, tool_choice: 'required' });
    const [choice] = asked.choices;
    expect(choice).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'clock', arguments: '{"zone":"UTC"}' } },
        ],
      },
    });
    const messages = [
      ...hello.messages,
      choice?.message ?? { role: 'assistant' as const, content: '' },
      { role: 'tool' as const, tool_call_id: 'call_1', content: '12:00' },
    ];
    const answered = await it.client.chat.completions.create({ ...hello, messages, tools });
    expect(answered.choices[0]?.message.content).toBe('Noon.');
    expect(it.provider.requests[0]).toMatchObject({
      tools: [{ name: 'clock', description: 'Time', parameters: { type: 'object' } }],
      toolChoice: 'required',
    });
    expect(it.provider.requests[1]?.messages.slice(1)).toEqual([
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', toolCallId: 'call_1', content: '12:00' },
    ]);
    const stream = it.client.chat.completions.stream({ ...hello, tools });
    expect((await stream.finalChatCompletion()).choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'call_1', function: { name: 'clock', arguments: '{"zone":"UTC"}' } }] },
    });
  });

  it('passes settings, formats and pictures on', async () => {
    await using it = await scene(['{}']);
    await it.client.chat.completions.create({
      model: 'katamari/default/terse',
      messages: [
        { role: 'developer', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'low' } },
          ],
        },
      ],
      temperature: 0.5,
      top_p: 0.9,
      max_completion_tokens: 50,
      stop: 'END',
      seed: 7,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 'it', schema: { type: 'object' } } },
      user: 'u-1',
    });
    const [request] = it.provider.requests;
    expect(request).toMatchObject({
      temperature: 0.5,
      topP: 0.9,
      maxOutputTokens: 50,
      stop: ['END'],
      seed: 7,
      reasoning: { effort: 'low' },
      responseFormat: { type: 'json', name: 'it', schema: { type: 'object' } },
    });
    expect(request?.messages[0]?.content).toContain('Say little.');
    expect(request?.messages[2]?.content).toEqual([
      { type: 'text', text: 'What is it?' },
      { type: 'image', image: 'https://example.com/a.png', detail: 'low' },
    ]);
  });

  it('cancels the provider when it aborts in mid-stream', async () => {
    await using it = await scene([{ text: ['one', 'two'], hang: true }]);
    const stream = await it.client.chat.completions.create({ ...hello, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'two') break;
    await expect.poll(() => it.provider.open).toBe(0);
    await expect.poll(() => it.handler.running).toBe(0);
  });

  it('cancels the provider when it gives up waiting for a whole answer', async () => {
    await using it = await scene([{ hang: true }]);
    const stop = new AbortController();
    const answer = it.client.chat.completions.create(hello, { signal: stop.signal });
    await expect.poll(() => it.provider.open).toBe(1);
    stop.abort();
    await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
    await expect.poll(() => it.provider.open).toBe(0);
    await expect.poll(() => it.handler.running).toBe(0);
  });

  it.each([
    {
      code: 'rate-limited' as const,
      options: { retryable: true, retryAfterMs: 7000 },
      status: 429,
      type: OpenAI.RateLimitError,
      word: 'rate_limit_exceeded',
    },
    {
      code: 'context-overflow' as const,
      options: {},
      status: 400,
      type: OpenAI.BadRequestError,
      word: 'context_length_exceeded',
    },
    {
      code: 'authentication' as const,
      options: {},
      status: 502,
      type: OpenAI.InternalServerError,
      word: 'authentication',
    },
  ])(
    'sees $code of the provider as $status, streamed or not',
    async ({ code, options, status, type, word }) => {
      await using it = await scene([{ error: new ProviderError(code, 'The provider says no.', options) }]);
      for (const stream of [false, true]) {
        const error: unknown = await it.client.chat.completions
          .create({ ...hello, stream })
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(type);
        expect(error).toMatchObject({ status, code: word });
        expect((error as InstanceType<typeof type>).headers.get('x-should-retry')).toBe(
          String('retryable' in options),
        );
      }
    },
  );

  it('sees an error in mid-stream as an error, not as the end', async () => {
    await using it = await scene([
      { text: 'half', error: new ProviderError('connection', 'It broke.', { retryable: true }) },
    ]);
    const stream = await it.client.chat.completions.create({ ...hello, stream: true });
    let text = '';
    const reading = (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toThrow(/It broke/);
    expect(text).toBe('half');
  });

  it('is told what it did wrong', async () => {
    await using it = await scene(['Hi']);
    const create = (body: object) => it.client.chat.completions.create({ ...hello, ...body });
    await expect(create({ model: 'gpt-5' })).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    await expect(create({ model: 'katamari/default/nobody' })).rejects.toMatchObject({ status: 404 });
    await expect(create({ n: 2 })).rejects.toMatchObject({
      status: 400,
      param: 'n',
      type: 'invalid_request_error',
    });
    await expect(create({ messages: [{ role: 'user' }] })).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content',
    });
    await expect(create({ temperature: 'hot' })).rejects.toMatchObject({ status: 400, param: 'temperature' });
    const stranger = new OpenAI({
      apiKey: 'not-a-key-of-this-server',
      baseURL: it.client.baseURL,
      maxRetries: 0,
    });
    await expect(stranger.chat.completions.create(hello)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
    });
    expect(it.provider.requests).toHaveLength(0);
  });

  it('lists chains, and chains with a persona, as models', async () => {
    await using it = await scene(['Hi']);
    const ids: string[] = [];
    for await (const { id } of it.client.models.list()) ids.push(id);
    expect(ids).toEqual(['katamari/default', 'katamari/default/terse']);
  });

  it('refuses a second persona where the chain has one', async () => {
    await using it = await scene(['Hi'], (provider) => new Chain({ provider }).use(persona({ name: 'own' })));
    await expect(
      it.client.chat.completions.create({ ...hello, model: 'katamari/default/terse' }),
    ).rejects.toMatchObject({ status: 400 });
  });
});
