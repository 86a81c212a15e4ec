import { inspect } from 'node:util';

import { describe, expect, test } from 'vitest';

import { aiSdk, type AiSdkModel } from '../../src/ai-sdk/index.ts';
import { Chain } from '../../src/chain.ts';
import type { ChainEvent } from '../../src/event.ts';
import type { Message, ReasoningPart } from '../../src/message.ts';
import { responsesVendor } from '../integration/openai-responses-vendor.ts';
import { beginSse, chatChunk, chatEnding, sendJson, write } from '../servers/respond.ts';
import { startServer, type Handler, type TestServer } from '../servers/start-server.ts';
import { collect, makeContext, textOfEvents, type TestContext } from '../support/context.ts';
import { createGate } from '../support/gate.ts';
import { loadPackages } from './load-package.ts';

interface OpenAIPackage {
  createOpenAI(settings: { baseURL: string; apiKey: string }): {
    chat(model: string): AiSdkModel;
    responses(model: string): AiSdkModel;
  };
}

interface AiPackage {
  wrapLanguageModel(options: { model: AiSdkModel; middleware: object }): AiSdkModel;
}

const packages = await loadPackages('ai', '@ai-sdk/openai');
const isMissing = packages.some(({ exports }) => exports === undefined);
const versions = packages.map(({ title }) => title).join(', ');
const sdk = Object.assign({}, ...packages.map(({ exports }) => exports)) as OpenAIPackage & AiPackage;

function modelsFor(root: string): ReturnType<OpenAIPackage['createOpenAI']> {
  return sdk.createOpenAI({ baseURL: `${root}/v1`, apiKey: responsesVendor.apiKey });
}

/** How a host speaks, and the model of the AI SDK that listens. */
interface Host {
  readonly name: string;
  readonly path: string;
  readonly model: (root: string) => AiSdkModel;
  readonly opening: string;
  readonly say: (text: string) => string;
  readonly ending: string;
  readonly overloaded: string;
}

function event(type: string, data: Readonly<Record<string, unknown>>): string {
  return `data: ${JSON.stringify({ type, sequence_number: 1, ...data })}\n\n`;
}

const response = { id: 'resp_1', created_at: 1, model: 'gpt-5-mini-2025' };
const added = { output_index: 0, item: { type: 'message', id: 'msg_1' } };
const usage = { input_tokens: 9, output_tokens: 2 };

const hosts: readonly Host[] = [
  {
    name: 'chat',
    path: '/v1/chat/completions',
    model: (root) => modelsFor(root).chat('gpt-5-mini'),
    opening: '',
    say: (content) => chatChunk({ content }),
    ending: chatEnding(),
    overloaded: `data: ${JSON.stringify({ error: { message: 'gone', code: 503 } })}\n\n`,
  },
  {
    name: 'responses',
    path: '/v1/responses',
    model: (root) => modelsFor(root).responses('gpt-5-mini'),
    opening: event('response.created', { response }) + event('response.output_item.added', added),
    say: (delta) => event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, delta }),
    ending: event('response.completed', { response: { ...response, usage } }),
    overloaded: event('error', {
      error: { type: 'server_error', code: 'engine_overloaded', message: 'Overloaded' },
    }),
  },
];

interface Setup extends TestContext {
  readonly server: TestServer;
  readonly ask: () => AsyncIterable<readonly ChainEvent[]>;
}

async function withServer(
  host: Host,
  handler: Handler,
  body: (setup: Setup) => Promise<void>,
): Promise<void> {
  await using server = await startServer(handler);
  const provider = aiSdk(host.model(server.url));
  const made = makeContext(provider);
  const messages = [{ role: 'user', content: 'こんにちは' }] as const;
  await body({ ...made, server, ask: () => provider.generate({ messages }, made.context) });
}

describe.skipIf(isMissing).each(hosts)(`the AI SDK’s $name model, ${versions}: a good answer`, (host) => {
  const whole = `${host.opening}${host.say('Hello')}${host.say(' 世界')}${host.ending}`;

  test('comes whole, and leaves the connection for the next', async () => {
    const answer: Handler = async (served) => {
      beginSse(served.response);
      await write(served.response, whole);
      served.response.end();
    };
    await withServer(host, answer, async ({ server, ask }) => {
      for (let round = 0; round < 4; round += 1) {
        const events = await collect(ask());
        expect(textOfEvents(events)).toBe('Hello 世界');
        expect(events.at(-1)).toMatchObject({
          type: 'attempt-end',
          outcome: 'completed',
          finishReason: 'stop',
          usage: { token_in: 9, token_out: 2 },
        });
      }
      expect(server.connections()).toBeLessThanOrEqual(2);
      expect(server.served[0]?.request.url).toBe(host.path);
      expect(server.served[0]?.text).toContain('こんにちは');
    });
  });

  test('one byte a write', async () => {
    const answer: Handler = async (served) => {
      beginSse(served.response);
      for (const byte of Buffer.from(whole)) await write(served.response, Uint8Array.of(byte));
      served.response.end();
    };
    await withServer(host, answer, async ({ ask }) => {
      expect(textOfEvents(await collect(ask()))).toBe('Hello 世界');
    });
  });
});

describe.skipIf(isMissing).each(hosts)(`the AI SDK’s $name model, ${versions}: leaving`, (host) => {
  const endless: Handler = async (served) => {
    beginSse(served.response);
    await write(served.response, host.opening + host.say('one'));
  };

  test('break closes the socket', async () => {
    await withServer(host, endless, async ({ server, ask }) => {
      for await (const batch of ask()) if (textOfEvents(batch) === 'one') break;
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('abort throws the reason and closes the socket', async () => {
    await withServer(host, endless, async ({ server, ask, controller }) => {
      const reason = new Error('the user left');
      const batches = ask()[Symbol.asyncIterator]();
      await batches.next();
      const reading = (async () => {
        for (;;) await batches.next();
      })();
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('abort before the host has answered closes the socket', async () => {
    const arrived = createGate();
    await withServer(
      host,
      () => arrived.open(),
      async ({ server, ask, controller }) => {
        const reason = new Error('too slow');
        const thrown = collect(ask()).catch((error: unknown) => error);
        await arrived.opened;
        controller.abort(reason);
        expect(await thrown).toBe(reason);
        expect(await server.served[0]?.closed).toBe(false);
      },
    );
  });

  test('a signal that is aborted already sends nothing', async () => {
    await withServer(host, endless, async ({ server, ask, controller }) => {
      controller.abort(new Error('never mind'));
      await expect(collect(ask())).rejects.toThrow('never mind');
      expect(server.served).toHaveLength(0);
    });
  });
});

describe.skipIf(isMissing).each(hosts)(`the AI SDK’s $name model, ${versions}: failures`, (host) => {
  test.each(responsesVendor.errors.filter(({ status }) => status >= 400))(
    '$what',
    async ({ status, headers, body, expected }) => {
      const refuse: Handler = (served) => {
        sendJson(served.response, status, body, headers);
      };
      await withServer(host, refuse, async ({ ask }) => {
        const error: unknown = await collect(ask()).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ status, ...expected });
        expect(inspect(error, { depth: 9 })).not.toMatch(/0123456789abcdef|こんにちは/);
      });
    },
  );

  // The AI SDK looks for events and finds none: what the body says is lost on the way.
  test.each<readonly [what: string, handler: Handler, code: string]>([
    [
      'an error with status 200',
      (served) => sendJson(served.response, 200, { error: 'x' }),
      'empty-response',
    ],
    [
      'an empty answer',
      (served) => void served.response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
      'empty-response',
    ],
    ['an empty error', (served) => void served.response.writeHead(503).end(), 'overloaded'],
    ['a socket that is cut', (served) => void served.response.destroy(), 'connection'],
  ])('%s', async (_what, handler, code) => {
    await withServer(host, handler, async ({ ask }) => {
      await expect(collect(ask())).rejects.toMatchObject({ code, retryable: true });
    });
  });

  test.each<readonly [what: string, last: string, isCut: boolean, code: string]>([
    ['ends', '', false, 'truncated'],
    ['is cut', '', true, 'truncated'],
    ['reports an error', host.overloaded, false, 'overloaded'],
    ['turns to garbage', 'data: }{\n\n', false, 'malformed'],
  ])('a stream that %s: what came before is delivered first', async (_what, last, isCut, code) => {
    const half: Handler = async (served) => {
      beginSse(served.response);
      await write(served.response, `${host.opening}${host.say('half')}${last}`);
      if (isCut) served.response.destroy();
      else served.response.end();
    };
    await withServer(host, half, async ({ ask }) => {
      const seen: ChainEvent[] = [];
      const reading = (async () => {
        for await (const batch of ask()) seen.push(...batch);
      })();
      await expect(reading).rejects.toMatchObject({ code, retryable: true, maybeAccepted: true });
      expect(textOfEvents(seen)).toBe('half');
    });
  });

  test('nobody there', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const provider = aiSdk(host.model(server.url));
    const { context } = makeContext(provider);
    const failed = collect(provider.generate({ messages: [{ role: 'user', content: 'x' }] }, context));
    await expect(failed).rejects.toMatchObject({ code: 'connection', retryable: true, maybeAccepted: false });
  });
});

describe.skipIf(isMissing)(`a run over the AI SDK, ${versions}`, () => {
  const weather = { name: 'weather', parameters: { type: 'object', properties: {} } } as const;

  test('hands a tool call on and its result back, through a wrapped model', async () => {
    await using server = await startServer(async ({ response, json }) => {
      beginSse(response);
      const { messages } = json as { messages: { role: string }[] };
      if (messages.at(-1)?.role === 'tool')
        await write(response, chatChunk({ content: '晴れです' }) + chatEnding());
      else {
        const call = {
          index: 0,
          id: 'call_1',
          type: 'function',
          function: { name: 'weather', arguments: '{"city":' },
        };
        await write(response, chatChunk({ tool_calls: [call] }));
        await write(response, chatChunk({ tool_calls: [{ index: 0, function: { arguments: '"東京"}' } }] }));
        await write(response, chatChunk({}, 'tool_calls') + 'data: [DONE]\n\n');
      }
      response.end();
    });
    const seen: string[] = [];
    const middleware = {
      specificationVersion: 'v4',
      transformParams: ({ params }: { params: object }) => {
        seen.push('wrapped');
        return params;
      },
    };
    const model = sdk.wrapLanguageModel({ model: modelsFor(server.url).chat('gpt-4o-mini'), middleware });
    const chain = new Chain({ provider: aiSdk(model) });
    const asked = { role: 'user', content: '東京の天気は？' } as const;
    const first = await chain.stream({ messages: [asked], tools: [weather] }).result();
    expect(first.toolCalls).toMatchObject([{ id: 'call_1', name: 'weather', arguments: '{"city":"東京"}' }]);
    const second = await chain
      .stream({
        messages: [
          asked,
          { role: 'assistant', content: '', toolCalls: first.toolCalls },
          { role: 'tool', toolCallId: 'call_1', content: '晴れ' },
        ],
        tools: [weather],
      })
      .result();
    expect(second.text).toBe('晴れです');
    expect(second.metrics).toMatchObject({ token_in: 9, token_out: 2, estimated: false });
    expect(seen).toEqual(['wrapped', 'wrapped']);
    expect(server.served[1]?.json).toMatchObject({
      model: 'gpt-4o-mini',
      messages: [
        { role: 'user', content: '東京の天気は？' },
        { role: 'assistant', tool_calls: [{ id: 'call_1', function: { arguments: '{"city":"東京"}' } }] },
        { role: 'tool', tool_call_id: 'call_1', content: '晴れ' },
      ],
    });
  });

  test('hands thoughts on and back, encrypted as they came', async () => {
    const item = { type: 'reasoning', id: 'rs_1', encrypted_content: 'geheim==' };
    const thought = [
      event('response.created', { response }),
      event('response.output_item.added', { output_index: 0, item: { ...item, encrypted_content: null } }),
      event('response.reasoning_summary_part.added', { item_id: 'rs_1', summary_index: 0 }),
      event('response.reasoning_summary_text.delta', { item_id: 'rs_1', summary_index: 0, delta: '考え中' }),
      event('response.reasoning_summary_part.done', { item_id: 'rs_1', summary_index: 0 }),
      event('response.output_item.done', { output_index: 0, item }),
      event('response.output_item.added', { output_index: 1, item: { type: 'message', id: 'msg_1' } }),
      event('response.output_text.delta', { item_id: 'msg_1', output_index: 1, delta: 'はい' }),
      event('response.completed', { response: { ...response, usage } }),
    ].join('');
    await using server = await startServer(async (served) => {
      beginSse(served.response);
      await write(served.response, thought);
      served.response.end();
    });
    const provider = aiSdk(modelsFor(server.url).responses('gpt-5-mini'));
    const { context } = makeContext(provider);
    const providerOptions = { openai: { store: false, include: ['reasoning.encrypted_content'] } };
    const asked: Message = { role: 'user', content: '本当？' };
    const events = await collect(provider.generate({ messages: [asked], providerOptions }, context));
    const thoughts = events.flatMap((found): ReasoningPart[] => {
      if (found.type !== 'reasoning') return [];
      const { text, providerData } = found;
      return [{ type: 'reasoning', text, ...(providerData === undefined ? {} : { providerData }) }];
    });
    const answer: Message = { role: 'assistant', content: [...thoughts, { type: 'text', text: 'はい' }] };
    await collect(provider.generate({ messages: [asked, answer, asked], providerOptions }, context));
    expect(events.at(-1)).toMatchObject({ servedModel: 'gpt-5-mini-2025' });
    const summary = [{ type: 'summary_text', text: '考え中' }];
    expect(server.served[1]?.json).toMatchObject({
      input: [
        { role: 'user' },
        { type: 'reasoning', encrypted_content: 'geheim==', summary },
        { role: 'assistant', content: 'はい' },
        { role: 'user' },
      ],
    });
  });

  test('repeats an answer that was refused, and shows no key', async () => {
    await using server = await startServer(({ response }) => {
      response.writeHead(500).end(`{"error":{"message":"broken ${responsesVendor.apiKey}"}}`);
    });
    const chain = new Chain({
      provider: aiSdk(modelsFor(server.url).chat('gpt-4o-mini'), {
        retry: { maxRetries: 1, baseDelayMs: 1 },
      }),
    });
    const run = chain.stream({ messages: [{ role: 'user', content: 'geheim' }] });
    const error: unknown = await run.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'server', status: 500 });
    expect(server.served).toHaveLength(2);
    expect(inspect(error, { depth: 9 })).not.toMatch(/geheim|0123456789abcdef/);
  });
});
