import { describe, expect, it } from 'vitest';

import { aiSdk } from '../../../src/ai-sdk/ai-sdk-provider.ts';
import { Chain } from '../../../src/chain.ts';
import { ProviderError } from '../../../src/errors.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { collect, makeContext, textOfEvents, type TestContext } from '../../support/context.ts';
import { createGate } from '../../support/gate.ts';
import { finish, say, scriptedModel, start, type Script, type ScriptedModel } from './scripted-model.ts';

interface Setup extends TestContext {
  readonly model: ScriptedModel;
  readonly ask: (request?: Partial<ChatRequest>) => AsyncIterable<readonly ChainEvent[]>;
}

function setUp(script: Script = {}): Setup {
  const model = scriptedModel(script);
  const provider = aiSdk(model);
  const made = makeContext(provider);
  const messages = [{ role: 'user', content: 'こんにちは' }] as const;
  return { ...made, model, ask: (request) => provider.generate({ messages, ...request }, made.context) };
}

async function events(script: Script): Promise<ChainEvent[]> {
  return collect(setUp(script).ask());
}

async function failure(script: Script): Promise<unknown> {
  return collect(setUp(script).ask()).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const labels = { req_id: 'test-run-0001', call: 1, phase: 'answer', attempt: 1, answer: true } as const;

describe('a good answer', () => {
  it('is text, thoughts and calls, with the account', async () => {
    const found = await events({
      parts: [
        start,
        { type: 'response-metadata', id: 'r1', modelId: 'acme-1-2026' },
        { type: 'reasoning-start', id: 'a', providerMetadata: { acme: { proof: null } } },
        { type: 'reasoning-delta', id: 'a', delta: '考え' },
        { type: 'reasoning-end', id: 'a', providerMetadata: { acme: { proof: 'p==' } } },
        { type: 'text-start', id: '0' },
        say('Hel'),
        say(''),
        say('lo 世界'),
        { type: 'text-end', id: '0' },
        { type: 'tool-input-start', id: 'c1', toolName: 'f' },
        { type: 'tool-input-delta', id: 'c1', delta: '{"x":1}' },
        { type: 'tool-input-end', id: 'c1' },
        {
          type: 'tool-call',
          toolCallId: 'c1',
          toolName: 'f',
          input: '{"x":1}',
          providerMetadata: { acme: { item: 'i' } },
        },
        { type: 'tool-call', toolCallId: 'c2', toolName: 'search', input: '{}', providerExecuted: true },
        { type: 'tool-result', toolCallId: 'c2', toolName: 'search', result: {} },
        { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com' },
        { type: 'raw', rawValue: {} },
        { ...finish, finishReason: { unified: 'tool-calls', raw: 'tool_use' } },
      ],
    });
    expect(found).toEqual([
      { type: 'reasoning', ...labels, text: '考え' },
      { type: 'reasoning', ...labels, text: '', providerData: { acme: { proof: 'p==' } } },
      { type: 'token', ...labels, text: 'Hel' },
      { type: 'token', ...labels, text: 'lo 世界' },
      {
        type: 'tool-call',
        ...labels,
        id: 'c1',
        name: 'f',
        arguments: '{"x":1}',
        providerData: { acme: { item: 'i' } },
      },
      {
        type: 'attempt-end',
        ...labels,
        outcome: 'completed',
        finishReason: 'tool-calls',
        vendorReason: 'tool_use',
        usage: { token_in: 30, token_out: 9, token_cache_read: 16, token_cache_write: 4, token_reasoning: 4 },
        servedModel: 'acme-1-2026',
        retryable: null,
        delayMs: null,
        superseded: false,
      },
    ]);
  });

  it('keeps a thought’s data where the thought has no end of its own', async () => {
    const parts = [
      { type: 'reasoning-start', id: 'a', providerMetadata: { acme: { redacted: 'r==' } } },
      say('So.'),
      finish,
    ];
    expect((await events({ parts }))[1]).toMatchObject({
      type: 'reasoning',
      text: '',
      providerData: { acme: { redacted: 'r==' } },
    });
  });

  it('says with every read that it is alive', async () => {
    const batches: number[] = [];
    const parts = [
      start,
      { type: 'ping' },
      { type: 'tool-input-delta', id: 'c', delta: '{' },
      say('a'),
      finish,
    ];
    for await (const batch of setUp({ parts }).ask()) batches.push(batch.length);
    expect(batches).toEqual([0, 0, 0, 1, 1]);
  });

  it.each([
    ['stop', 'stop', 'stop'],
    ['length', 'MAX_TOKENS', 'length'],
    ['content-filter', 'SAFETY', 'content-filter'],
    ['content-filter', 'refusal', 'refusal'],
    ['other', 'pause_turn', 'unknown'],
  ])('ends with the reason %s (%s) as %s', async (unified, raw, expected) => {
    const found = await events({ parts: [say('a'), { ...finish, finishReason: { unified, raw } }] });
    expect(found.at(-1)).toMatchObject({ finishReason: expected, vendorReason: raw });
  });

  it.each([
    [
      'no totals',
      { inputTokens: { noCache: 3, cacheRead: 4 }, outputTokens: { text: 5, reasoning: 2 } },
      7,
      7,
    ],
    ['no parts', { inputTokens: { total: 3 }, outputTokens: { total: 5 } }, 3, 5],
    ['version 2', { inputTokens: 20, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 2 }, 20, 5],
    [
      'version 2, parts left out',
      { inputTokens: 3, outputTokens: 1, cachedInputTokens: 40, reasoningTokens: 6 },
      43,
      7,
    ],
  ])('counts what was billed: %s', async (_what, reported, token_in, token_out) => {
    const found = await events({ parts: [say('a'), { ...finish, usage: reported }] });
    expect(found.at(-1)).toMatchObject({ usage: { token_in, token_out } });
  });

  it('does not guess where only half is known', async () => {
    const reported = { inputTokens: { total: 3 }, outputTokens: {} };
    expect((await events({ parts: [say('a'), { ...finish, usage: reported }] })).at(-1)).toMatchObject({
      usage: null,
    });
  });

  it('comes from version 2 too', async () => {
    const parts = [
      say('a'),
      { type: 'finish', finishReason: 'length', usage: { inputTokens: 1, outputTokens: 2 } },
    ];
    const found = await events({ specificationVersion: 'v2', parts });
    expect(found.at(-1)).toMatchObject({
      finishReason: 'length',
      vendorReason: null,
      usage: { token_in: 1 },
    });
  });

  it('makes a run of a chain, with a retry', async () => {
    let calls = 0;
    const whole = scriptedModel();
    const model = scriptedModel({
      doStream: (options) => {
        calls += 1;
        if (calls > 1) return whole.doStream(options as never);
        return Promise.reject(Object.assign(new Error('busy'), { name: 'AI_APICallError', statusCode: 503 }));
      },
    });
    const clock = new FakeClock();
    const run = new Chain({ provider: aiSdk(model), clock }).stream({
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const result = run.result();
    await clock.advance(1250);
    expect((await result).text).toBe('Hello');
    expect((await result).metrics).toMatchObject({ attempts: 2, token_in: 30 });
  });
});

describe('what the model was asked', () => {
  it('goes out as it is said in the request', async () => {
    const { model, ask } = setUp();
    await collect(ask({ reasoning: { effort: 'high' }, temperature: 1 }));
    expect(model.calls).toHaveLength(1);
    expect(model.calls[0]).toMatchObject({ reasoning: 'high', temperature: 1, prompt: [{ role: 'user' }] });
    expect(model.calls[0]?.abortSignal).toBeInstanceOf(AbortSignal);
  });

  it('is told where it cannot be said', async () => {
    const { model, ask, emitted } = setUp({ specificationVersion: 'v3' });
    await collect(ask({ reasoning: { effort: 'high', parallel: true }, model: 'acme-2' }));
    expect(model.calls[0]).not.toHaveProperty('reasoning');
    expect(emitted).toMatchObject([
      { type: 'issue', source: 'acme.chat', code: 'setting-not-sent', path: 'model' },
      { type: 'issue', code: 'setting-not-sent', path: 'reasoning.effort' },
      { type: 'issue', code: 'setting-not-sent', path: 'reasoning.parallel', severity: 'info' },
    ]);
  });

  it('is told where the model warns, without keys', async () => {
    const warnings = [
      { type: 'unsupported', feature: 'seed', details: 'not with sk-abcdefghijkl' },
      { type: 'compatibility', feature: 'tools' },
      { type: 'deprecated', setting: 'user', message: 'use safety' },
      { type: 'other', message: '注意' },
      { type: 'unsupported-tool', tool: { name: 'f' } },
      null,
    ];
    const { ask, emitted } = setUp({ parts: [{ type: 'stream-start', warnings }, say('a'), finish] });
    await collect(ask());
    expect(emitted.map((issue) => (issue.type === 'issue' ? [issue.code, issue.path] : []))).toEqual([
      ['setting-not-sent', 'seed'],
      ['compatibility-mode', 'tools'],
      ['deprecated-setting', 'user'],
      ['provider-warning', undefined],
      ['setting-not-sent', 'f'],
      ['provider-warning', undefined],
    ]);
    expect(JSON.stringify(emitted)).toContain('注意');
    expect(JSON.stringify(emitted)).not.toContain('abcdefgh');
  });

  it('is told once where the model generates files', async () => {
    const file = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } };
    const { ask, emitted } = setUp({ parts: [file, file, say('a'), finish] });
    await collect(ask());
    expect(emitted).toMatchObject([{ type: 'issue', code: 'file-left-out' }]);
  });

  it('is refused for a URL the model does not load, and sent for one it does', async () => {
    const messages = [
      { role: 'user', content: [{ type: 'image', image: 'https://example.com/a.png' }] },
    ] as const;
    const { model, ask } = setUp({ supportedUrls: Promise.resolve({ 'application/pdf': [/./] }) });
    await expect(collect(ask({ messages }))).rejects.toMatchObject({ code: 'invalid-input' });
    expect(model.calls).toEqual([]);
    const other = setUp({ supportedUrls: Promise.resolve({ 'image/*': [/./] }) });
    expect(textOfEvents(await collect(other.ask({ messages })))).toBe('Hello');
  });
});

describe('an answer that is not whole', () => {
  it('is truncated, or empty where nothing came', async () => {
    expect(await failure({ parts: [start, say('a')] })).toMatchObject({ code: 'truncated', retryable: true });
    expect(await failure({ parts: [start] })).toMatchObject({ code: 'empty-response', retryable: true });
    const interrupted = { ...finish, finishReason: { unified: 'interrupted', raw: undefined } };
    expect(await failure({ parts: [say('a'), interrupted] })).toMatchObject({ code: 'truncated' });
    const nothing = { ...interrupted, usage: { inputTokens: {}, outputTokens: {} } };
    expect(await failure({ parts: [nothing] })).toMatchObject({ code: 'empty-response' });
  });

  it('may hold no words and be whole all the same', async () => {
    expect((await events({ parts: [start, finish] })).at(-1)).toMatchObject({ finishReason: 'stop' });
  });

  it('is given up where the model says so', async () => {
    const found = await failure({
      parts: [say('a'), { ...finish, finishReason: { unified: 'error', raw: 'overflow' } }],
    });
    expect(found).toMatchObject({ code: 'server', retryable: true, vendorCode: 'overflow' });
  });

  it('breaks with its connection', async () => {
    const broken = new TypeError('terminated');
    expect(await failure({ parts: [say('a'), broken] })).toMatchObject({
      code: 'truncated',
      retryable: true,
    });
    expect(await failure({ parts: [start, broken] })).toMatchObject({ code: 'connection', retryable: true });
  });

  it('hands on what came before an error part', async () => {
    const { ask } = setUp({
      parts: [say('before'), { type: 'error', error: { type: 'overloaded_error', message: 'x' } }],
    });
    const seen: ChainEvent[] = [];
    const reading = (async () => {
      for await (const batch of ask()) seen.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'overloaded', retryable: true, maybeAccepted: true });
    expect(textOfEvents(seen)).toBe('before');
  });
});

describe('leaving', () => {
  const reason = new ProviderError('timeout', 'enough');

  it('sends nothing under a signal that is aborted', async () => {
    const { model, ask, controller } = setUp();
    controller.abort(reason);
    await expect(collect(ask())).rejects.toBe(reason);
    expect(model.calls).toEqual([]);
  });

  it('is inert until the first pull', () => {
    const { model, ask } = setUp();
    ask()[Symbol.asyncIterator]();
    expect(model.calls).toEqual([]);
  });

  it('cancels the stream when the signal is aborted during a read', async () => {
    const { model, ask, controller } = setUp({ parts: [say('a')], ends: false });
    const batches = ask()[Symbol.asyncIterator]();
    await batches.next();
    const pending = batches.next();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(model.cancels).toEqual([reason]);
    expect(model.calls[0]?.abortSignal?.aborted).toBe(true);
  });

  it('cancels the stream when the iterator is left during a read', async () => {
    const { model, ask } = setUp({ parts: [say('a')], ends: false });
    const batches = ask()[Symbol.asyncIterator]();
    await batches.next();
    const pending = batches.next();
    await expect(batches.return?.()).resolves.toEqual({ done: true, value: undefined });
    await expect(pending).resolves.toEqual({ done: true, value: undefined });
    expect(model.cancels).toHaveLength(1);
  });

  it('cancels the stream on break', async () => {
    const { model, ask } = setUp({ parts: [say('a'), say('b')], ends: false });
    for await (const batch of ask()) if (batch.length > 0) break;
    expect(model.cancels).toHaveLength(1);
    expect(model.calls[0]?.abortSignal?.aborted).toBe(true);
  });

  it('leaves a model that hangs, and drops the stream that comes later', async () => {
    const gate = createGate<{ stream: ReadableStream<unknown> }>();
    const cancelled = createGate<unknown>();
    const { ask, controller } = setUp({ doStream: () => gate.opened });
    const pending = collect(ask());
    await Promise.resolve();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    gate.open({ stream: new ReadableStream({ cancel: (why) => cancelled.open(why) }) });
    expect(await cancelled.opened).toBe(reason);
  });

  it('leaves a model that does not say which URLs it loads', async () => {
    const messages = [
      { role: 'user', content: [{ type: 'image', image: 'https://example.com/a.png' }] },
    ] as const;
    const { ask, controller } = setUp({ supportedUrls: new Promise(() => undefined) });
    const pending = collect(ask({ messages }));
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('leaves a stream that does not end behind its answer', async () => {
    const { model, ask } = setUp({ parts: [say('a'), finish], ends: false });
    expect(textOfEvents(await collect(ask()))).toBe('a');
    expect(model.cancels).toHaveLength(1);
  });

  it('does not abort a call whose stream has ended', async () => {
    const { model, ask } = setUp();
    await collect(ask());
    expect(model.cancels).toEqual([]);
    expect(model.calls[0]?.abortSignal?.aborted).toBe(false);
  });
});

describe('aiSdk', () => {
  it('bears the model’s names, or its own', () => {
    expect(aiSdk(scriptedModel())).toMatchObject({
      name: 'acme.chat',
      model: 'acme-1',
      isLanguageModel: true,
    });
    const retry = { maxRetries: 0 };
    expect(aiSdk(scriptedModel(), { name: 'mine', retry })).toMatchObject({ name: 'mine', retry });
    expect(aiSdk(scriptedModel())).not.toHaveProperty('timeouts');
  });

  it.each([
    ['gpt-5-mini', /got a name/],
    [undefined, /needs a language model/],
    [{ ...scriptedModel(), specificationVersion: 'v9' }, /says "v9"/],
    [{ specificationVersion: 'v4', provider: 'p', modelId: 'm' }, /needs a language model/],
  ])('refuses what is no model: %o', (model, message) => {
    expect(() => aiSdk(model as never)).toThrow(message);
  });
});
