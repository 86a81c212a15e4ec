import { describe, expect, test } from 'vitest';

import type { ChainEvent } from '../../../src/event.ts';
import type { Provider } from '../../../src/provider.ts';
import { anthropic, type AnthropicClient } from '../../../src/providers/anthropic.ts';
import { google, type GenaiClient, type GenerativeAiClient } from '../../../src/providers/google.ts';
import { openai, type OpenaiClient } from '../../../src/providers/openai.ts';
import { chatChunk, chatEnding } from '../../servers/respond.ts';
import { collect, makeContext, textOfEvents } from '../../support/context.ts';

interface Call {
  readonly body: Record<string, unknown>;
  readonly options: {
    readonly signal?: AbortSignal;
    readonly maxRetries?: number;
    readonly headers?: unknown;
  };
}

type Answer = () => Response | Promise<Response>;

/** An endpoint of a client that hands out raw responses. */
function endpoint(calls: Call[], answer: Answer): OpenaiClient['responses'] {
  return {
    create: (body, options) => {
      calls.push({ body: body as Call['body'], options: options ?? {} });
      return { asResponse: async () => answer() };
    },
  };
}

function openaiClient(calls: Call[], answer: Answer): OpenaiClient {
  return { chat: { completions: endpoint(calls, answer) }, responses: endpoint(calls, answer) };
}

function ask(provider: Provider): Promise<ChainEvent[]> {
  const messages = [{ role: 'user', content: `half ${'🍣'.slice(0, 1)}` }] as const;
  return collect(provider.generate({ messages }, makeContext(provider).context));
}

/** What the official clients throw for an answer that is no success. */
class ApiError extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly error: unknown;

  constructor(status: number, error: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status} of the client`);
    this.status = status;
    this.headers = new Headers(headers);
    this.error = error;
  }
}

async function* chunksOf(...values: readonly unknown[]): AsyncGenerator {
  await Promise.resolve();
  for (const value of values) {
    if (value instanceof Error) throw value;
    yield value;
  }
}

const chat = `${chatChunk({ content: 'Hello' })}${chatEnding()}`;
const message = [
  { type: 'message_start', message: {} },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
  { type: 'message_stop' },
]
  .map((data) => `data: ${JSON.stringify(data)}\n\n`)
  .join('');
const response = [
  { type: 'response.output_text.delta', output_index: 0, delta: 'Hello' },
  { type: 'response.completed', response: { status: 'completed' } },
]
  .map((data) => `data: ${JSON.stringify(data)}\n\n`)
  .join('');

describe('a client that hands out raw responses', () => {
  test.each<readonly [what: string, text: string, make: (calls: Call[], answer: Answer) => Provider]>([
    ['openai, chat', chat, (calls, answer) => openai({ model: 'm', client: openaiClient(calls, answer) })],
    [
      'openai, responses',
      response,
      (calls, answer) => openai({ model: 'm', api: 'responses', client: openaiClient(calls, answer) }),
    ],
    [
      'anthropic',
      message,
      (calls, answer) =>
        anthropic({
          model: 'm',
          beta: ['b1', 'b2'],
          client: { messages: endpoint(calls, answer) } satisfies AnthropicClient,
        }),
    ],
  ])('%s: needs no key, is asked once, and is read by the same reader', async (what, text, make) => {
    const calls: Call[] = [];
    const events = await ask(make(calls, () => new Response(text)));
    expect(textOfEvents(events)).toBe('Hello');
    expect(calls).toHaveLength(1);
    const [call] = calls;
    expect(call?.body).toMatchObject({ model: 'm', stream: true });
    expect(JSON.stringify(call?.body)).toContain('half \uFFFD');
    expect(call?.options).toMatchObject({ maxRetries: 0, signal: expect.any(AbortSignal) as AbortSignal });
    expect(call?.options.headers).toEqual(what === 'anthropic' ? { 'anthropic-beta': 'b1,b2' } : undefined);
  });

  test.each([
    ['the body’s error alone, as openai keeps it', { message: 'slow down', code: 'rate_limit_exceeded' }],
    [
      'the whole body, as anthropic keeps it',
      { type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } },
    ],
  ])('an answer that is no success: %s', async (_what, error) => {
    const headers = { 'retry-after': '3', 'x-request-id': 'req-1' };
    const client = openaiClient([], () => Promise.reject(new ApiError(429, error, headers)));
    await expect(ask(openai({ model: 'm', client }))).rejects.toMatchObject({
      code: 'rate-limited',
      retryable: true,
      status: 429,
      retryAfterMs: 3000,
      requestId: 'req-1',
      message: expect.stringContaining('slow down') as string,
    });
  });

  test('a client that says not to try again is believed', async () => {
    const client = openaiClient([], () =>
      Promise.reject(new ApiError(503, undefined, { 'x-should-retry': 'false' })),
    );
    await expect(ask(openai({ model: 'm', client }))).rejects.toMatchObject({
      code: 'overloaded',
      retryable: false,
    });
  });

  test('a connection that failed', async () => {
    const cause = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
    const failed = new (class APIConnectionError extends Error {})('Connection error.', { cause });
    const client = openaiClient([], () => Promise.reject(failed));
    await expect(ask(openai({ model: 'm', client }))).rejects.toMatchObject({
      code: 'connection',
      retryable: true,
      maybeAccepted: false,
    });
  });

  test('a mistake in the use of the client is thrown as it is', async () => {
    const mistake = new Error('Could not resolve authentication method');
    const client = openaiClient([], () => Promise.reject(mistake));
    await expect(ask(openai({ model: 'm', client }))).rejects.toBe(mistake);
  });

  test('a response without a body', async () => {
    const client = openaiClient([], () => new Response(null, { status: 204 }));
    await expect(ask(openai({ model: 'm', client }))).rejects.toMatchObject({
      code: 'empty-response',
      retryable: true,
    });
  });
});

describe('a client that hands out chunks', () => {
  const hello = { candidates: [{ content: { parts: [{ text: 'Hello' }] } }] };
  const stop = {
    candidates: [{ finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2 },
  };

  function withGenai(chunks: AsyncIterable<unknown>, parameters: unknown[] = []): Provider {
    const client: GenaiClient = {
      models: {
        generateContentStream: (given) => {
          parameters.push(given);
          return Promise.resolve(chunks);
        },
      },
    };
    return google({ model: 'gemini-2.5-flash', client });
  }

  function withGenerativeAi(chunks: AsyncIterable<unknown>, parameters: unknown[] = []): Provider {
    const client: GenerativeAiClient = {
      getGenerativeModel: (given) => {
        parameters.push(given);
        return {
          generateContentStream: (request, options) => {
            parameters.push(request, options);
            return Promise.resolve({
              stream: chunks,
              response: Promise.reject(new Error('nobody looks here')),
            });
          },
        };
      },
    };
    return google({ model: 'gemini-2.5-flash', client });
  }

  test('@google/genai: settings in one object, the stream by the same reader', async () => {
    const parameters: unknown[] = [];
    const provider = withGenai(chunksOf(hello, stop), parameters);
    const { context } = makeContext(provider);
    const request = {
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'u' },
      ],
      temperature: 0,
      model: 'gemini-2.5-pro',
    } as const;
    const events = await collect(provider.generate(request, context));
    expect(textOfEvents(events)).toBe('Hello');
    expect(events.at(-1)).toMatchObject({ finishReason: 'stop', usage: { token_in: 1, token_out: 2 } });
    expect(parameters).toEqual([
      {
        model: 'gemini-2.5-pro',
        contents: [{ role: 'user', parts: [{ text: 'u' }] }],
        config: {
          systemInstruction: { parts: [{ text: 'S' }] },
          temperature: 0,
          abortSignal: expect.any(AbortSignal) as AbortSignal,
        },
      },
    ]);
  });

  test('@google/generative-ai: the body as it is, its second promise looked after', async () => {
    const parameters: unknown[] = [];
    const events = await ask(withGenerativeAi(chunksOf(hello, stop), parameters));
    expect(textOfEvents(events)).toBe('Hello');
    expect(parameters).toEqual([
      { model: 'gemini-2.5-flash' },
      { contents: [{ role: 'user', parts: [{ text: 'half \uFFFD' }] }] },
      { signal: expect.any(AbortSignal) as AbortSignal },
    ]);
  });

  test.each([
    ['@google/genai', withGenai],
    ['@google/generative-ai', withGenerativeAi],
  ])(
    '%s: an end without a finish reason is an error, and a signal that is aborted already asks nobody',
    async (_what, make) => {
      await expect(ask(make(chunksOf(hello)))).rejects.toMatchObject({ code: 'truncated', retryable: true });
      const parameters: unknown[] = [];
      const provider = make(chunksOf(hello), parameters);
      const { context, controller } = makeContext(provider);
      controller.abort(new Error('never mind'));
      await expect(collect(provider.generate({ messages: [] }, context))).rejects.toThrow('never mind');
      expect(parameters).toEqual([]);
    },
  );

  test.each([
    [
      'an error of the host in the stream',
      'overloaded',
      Object.assign(
        new Error('got status: 503. {"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}'),
        { status: 503 },
      ),
    ],
    ['a connection that breaks', 'truncated', new TypeError('terminated')],
  ])('%s, behind the text that came before it', async (_what, code, error) => {
    const seen: ChainEvent[] = [];
    const provider = withGenai(chunksOf(hello, error));
    const read = async (): Promise<void> => {
      for await (const batch of provider.generate({ messages: [] }, makeContext(provider).context))
        seen.push(...batch);
    };
    await expect(read()).rejects.toMatchObject({ code, retryable: true });
    expect(textOfEvents(seen)).toBe('Hello');
  });

  test('an error with the URL and details in its message: the URL is left out', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }];
    const text = `[GoogleGenerativeAI Error]: Error fetching from https://h.test/v1?secret=1: [429 Too Many Requests] Slow down. ${JSON.stringify(details)}`;
    const error = Object.assign(new Error(text), { status: 429, errorDetails: details });
    const client: GenerativeAiClient = {
      getGenerativeModel: () => ({ generateContentStream: () => Promise.reject(error) }),
    };
    const thrown: unknown = await ask(google({ model: 'm', client })).catch((found: unknown) => found);
    expect(thrown).toMatchObject({
      code: 'rate-limited',
      status: 429,
      retryAfterMs: 34_400,
      message: 'google answered 429: Slow down.',
    });
  });

  test('break closes the client’s stream', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator {
      try {
        for (;;) {
          await Promise.resolve();
          yield hello;
        }
      } finally {
        isClosed = true;
      }
    }
    const provider = withGenai(endless());
    for await (const batch of provider.generate({ messages: [] }, makeContext(provider).context))
      if (batch.length > 0) break;
    await expect.poll(() => isClosed).toBe(true);
  });
});
