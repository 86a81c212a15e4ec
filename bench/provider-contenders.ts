import { createParser } from 'eventsource-parser';

import type { Provider } from '../src/provider.ts';
import { anthropic } from '../src/providers/anthropic.ts';
import { google } from '../src/providers/google.ts';
import { openai } from '../src/providers/openai.ts';
import { runContext } from '../src/testing/run-context.ts';
import type { Protocol } from '../src/testing/wire-answer.ts';
import { loadPackages } from '../tests/compat/load-package.ts';

/** Reads one whole answer; tells each token's length as it comes. `root` ends in no slash and has no version behind it. */
export type Contender = (root: string, told: (length: number) => void, signal?: AbortSignal) => Promise<void>;

const apiKey = 'key';
const messages = [{ role: 'user', content: 'Hi' }] as const;

/** Where each protocol's endpoint lies, and where the text is in an event. */
const bareWays: Readonly<Record<Protocol, { path: string; textOf: (event: never) => string | undefined }>> = {
  'openai-chat': {
    path: '/v1/chat/completions',
    textOf: (event: { choices: { delta?: { content?: string } }[] }) => event.choices[0]?.delta?.content,
  },
  'openai-responses': {
    path: '/v1/responses',
    textOf: (event: { type: string; delta?: string }) =>
      event.type === 'response.output_text.delta' ? event.delta : undefined,
  },
  'anthropic-messages': {
    path: '/v1/messages',
    textOf: (event: { type: string; delta?: { text?: string } }) =>
      event.type === 'content_block_delta' ? event.delta?.text : undefined,
  },
  'google-generate': {
    path: '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    textOf: (event: { candidates: { content?: { parts: { text?: string }[] } }[] }) =>
      event.candidates[0]?.content?.parts[0]?.text,
  },
};

/** The least anybody can do: fetch, eventsource-parser, JSON.parse. */
export function bare(protocol: Protocol): Contender {
  const { path, textOf } = bareWays[protocol];
  return async (root, told, signal) => {
    const init = { method: 'POST', body: '{}', ...(signal === undefined ? {} : { signal }) };
    const response = await fetch(root + path, init);
    if (response.body === null) throw new Error('no body');
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent({ data }) {
        if (data === '[DONE]') return;
        const text = textOf(JSON.parse(data) as never);
        if (text !== undefined) told(text.length);
      },
    });
    for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
  };
}

const makers: Readonly<Record<Protocol, (root: string) => Provider>> = {
  'openai-chat': (root) => openai({ baseURL: `${root}/v1`, apiKey, model: 'gpt-5-mini' }),
  'openai-responses': (root) =>
    openai({ baseURL: `${root}/v1`, apiKey, model: 'gpt-5-mini', api: 'responses' }),
  'anthropic-messages': (baseURL) => anthropic({ baseURL, apiKey, model: 'claude-sonnet-5' }),
  'google-generate': (baseURL) => google({ baseURL, apiKey, model: 'gemini-2.5-flash' }),
};

/** The adapter of this package. */
export function own(protocol: Protocol): Contender {
  return through(makers[protocol]);
}

function through(make: (root: string) => Provider): Contender {
  return async (root, told, signal) => {
    const provider = make(root);
    for await (const batch of provider.generate({ messages }, runContext(provider, signal && { signal }))) {
      for (const event of batch) if (event.type === 'token') told(event.text.length);
    }
  };
}

type Loose = Readonly<Record<string, never>>;

async function textsOf(
  stream: AsyncIterable<unknown>,
  told: (length: number) => void,
  textOf: (event: never) => string | undefined = (event) => event,
): Promise<void> {
  for await (const event of stream) {
    const text = textOf(event as never);
    if (text !== undefined) told(text.length);
  }
}

interface Sdk {
  new (options: object): {
    chat: { completions: { create(body: object): Promise<AsyncIterable<unknown>> } };
    responses: { create(body: object): Promise<AsyncIterable<unknown>> };
    messages: { create(body: object): Promise<AsyncIterable<unknown>> };
    models: { generateContentStream(body: object): Promise<AsyncIterable<unknown>> };
  };
}

interface AiSdk {
  readonly createOpenAI: (options: object) => { chat(model: string): Loose };
  readonly streamText: (options: object) => { textStream: AsyncIterable<string> };
}

/** The vendors' own packages and the AI SDK, as far as they are installed in tests/compat; by protocol, named with their versions. */
export async function foreign(): Promise<
  Readonly<Record<Protocol, readonly (readonly [string, Contender])[]>>
> {
  const names = ['openai', '@anthropic-ai/sdk', '@google/genai', 'ai', '@ai-sdk/openai'] as const;
  const packages = await loadPackages(...names);
  const isThere = (at: number): boolean => packages[at]?.exports !== undefined;
  const sdk = (at: number, name = 'default'): Sdk => packages[at]?.exports?.[name] as Sdk;
  const title = (at: number): string => packages[at]?.title ?? '';
  const only = (at: number, contender: Contender): [string, Contender][] =>
    isThere(at) ? [[title(at), contender]] : [];
  /** Our reader over the vendor's client: its transport, not its parsing. */
  const overClient = (at: number, make: (client: never) => Provider, path = ''): [string, Contender][] =>
    isThere(at)
      ? [
          [
            `katamari over ${title(at)}`,
            through((root) => make(new (sdk(at))({ apiKey, baseURL: root + path }) as never)),
          ],
        ]
      : [];
  const input = { messages, stream: true, model: 'gpt-5-mini' };
  const { path: _, ...chat } = bareWays['openai-chat'];
  return {
    'openai-chat': [
      ...only(0, async (root, told) => {
        const client = new (sdk(0))({ apiKey, baseURL: `${root}/v1` });
        await textsOf(await client.chat.completions.create(input), told, chat.textOf);
      }),
      ...overClient(0, (client) => openai({ model: 'gpt-5-mini', client }), '/v1'),
      ...(isThere(3) && isThere(4)
        ? only(3, aiSdk({ ...packages[3]?.exports, ...packages[4]?.exports } as unknown as AiSdk))
        : []),
    ],
    'openai-responses': [
      ...only(0, async (root, told) => {
        const client = new (sdk(0))({ apiKey, baseURL: `${root}/v1` });
        const body = { input: 'Hi', stream: true, model: 'gpt-5-mini' };
        await textsOf(await client.responses.create(body), told, bareWays['openai-responses'].textOf);
      }),
      ...overClient(0, (client) => openai({ model: 'gpt-5-mini', api: 'responses', client }), '/v1'),
    ],
    'anthropic-messages': [
      ...only(1, async (root, told) => {
        const client = new (sdk(1))({ apiKey, baseURL: root });
        const body = { ...input, model: 'claude-sonnet-5', max_tokens: 9 };
        await textsOf(await client.messages.create(body), told, bareWays['anthropic-messages'].textOf);
      }),
      ...overClient(1, (client) => anthropic({ model: 'claude-sonnet-5', client })),
    ],
    'google-generate': only(2, async (root, told) => {
      const client = new (sdk(2, 'GoogleGenAI'))({ apiKey, httpOptions: { baseUrl: root } });
      const body = { model: 'gemini-2.5-flash', contents: 'Hi' };
      await textsOf(
        await client.models.generateContentStream(body),
        told,
        bareWays['google-generate'].textOf,
      );
    }),
  };
}

function aiSdk({ createOpenAI, streamText }: AiSdk): Contender {
  return async (root, told) => {
    const model = createOpenAI({ apiKey, baseURL: `${root}/v1` }).chat('gpt-5-mini');
    await textsOf(streamText({ model, prompt: 'Hi' }).textStream, told);
  };
}
