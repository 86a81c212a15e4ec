import { describe, expect, it } from 'vitest';

import { completedEvent, labelsOf } from '../../../src/attempt-events.ts';
import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { textOf } from '../../../src/message.ts';
import type { Provider } from '../../../src/provider.ts';
import { rewriteStep } from '../../../src/rewrite-step.ts';
import type { Step } from '../../../src/step.ts';
import { FakeClock, providerError, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;

function setUp(scripts: readonly ScriptSource[]) {
  const provider = scriptedProvider(scripts);
  const clock = new FakeClock();
  const chain = new Chain({ provider, clock, random: () => 0 });
  return { provider, clock, chain };
}

/** Reads to the end, or to the error. */
async function watch(run: AsyncIterable<ChainEvent>): Promise<{ events: ChainEvent[]; error: unknown }> {
  const events: ChainEvent[] = [];
  try {
    for await (const event of run) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

function only<T extends ChainEvent['type']>(events: readonly ChainEvent[], type: T) {
  return events.filter((event): event is Extract<ChainEvent, { type: T }> => event.type === type);
}

describe('reading a run', () => {
  it('does nothing before the first pull', async () => {
    const { chain, provider } = setUp(['ok']);
    const run = chain.stream({ messages });
    run.tokens();
    await Promise.resolve();
    expect(provider.requests).toHaveLength(0);
    expect(run.state).toBe('idle');
  });

  it('has one reader', async () => {
    const { chain } = setUp(['ok']);
    const run = chain.stream({ messages });
    run.tokens();
    expect(() => run.tokens()).toThrow(expect.objectContaining({ code: 'run-consumed' }) as Error);
    expect(() => run[Symbol.asyncIterator]()).toThrow(/one reader/);
  });

  it('gives its result to one who reads nothing else', async () => {
    const { chain } = setUp([{ text: ['a', 'b'] }]);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      text: 'ab',
      finishReason: 'stop',
    });
  });

  it('gives its result beside a reader, asked before or after', async () => {
    const { chain } = setUp([{ text: ['a', 'b'] }]);
    const run = chain.stream({ messages });
    const early = run.result();
    const texts: string[] = [];
    for await (const text of run.tokens()) texts.push(text);
    expect(texts).toEqual(['a', 'b']);
    await expect(early).resolves.toMatchObject({ text: 'ab' });
    await expect(run.result()).resolves.toMatchObject({ text: 'ab' });
  });

  it('serves several pulls at once in order', async () => {
    const { chain } = setUp([{ text: ['a', 'b', 'c'] }]);
    const tokens = chain.stream({ messages }).tokens();
    const pulls = [tokens.next(), tokens.next(), tokens.next(), tokens.next()];
    expect((await Promise.all(pulls)).map(({ value }) => value as string | undefined)).toEqual([
      'a',
      'b',
      'c',
      undefined,
    ]);
  });

  it('estimates what the provider did not report, and says so', async () => {
    const { chain } = setUp(['Four words of answer']);
    const { metrics } = await chain.stream({ messages }).result();
    expect(metrics.estimated).toBe(true);
    expect(metrics.token_in).toBeGreaterThan(0);
    expect(metrics.token_out).toBeGreaterThanOrEqual(3);
  });

  it('gives the answer as a message, with the thoughts that carry a proof', async () => {
    const provider: Provider = {
      name: 'thinker',
      model: 'm',
      isLanguageModel: false,
      async *generate(_, context) {
        const labels = labelsOf(context);
        yield [
          { type: 'reasoning', ...labels, text: 'first ' },
          { type: 'reasoning', ...labels, text: 'thought', providerData: { signature: 's1' } },
          { type: 'reasoning', ...labels, text: 'an unproven one' },
          { type: 'token', ...labels, text: 'the answer' },
          completedEvent(labels, { finishReason: 'stop' }),
        ];
      },
    };
    const { message } = await new Chain({ provider }).stream({ messages }).result();
    expect(message).toEqual({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'first thought', providerData: { signature: 's1' } },
        { type: 'text', text: 'the answer' },
      ],
    });
  });

  it('hands on tool calls', async () => {
    const call = { id: 'c1', name: 'look_up', arguments: '{"q":"東京"}' };
    const { chain } = setUp([{ toolCalls: [call] }]);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      text: '',
      finishReason: 'tool-calls',
      toolCalls: [call],
    });
  });
});

it('takes what the first trim kept into the figures of the run', async () => {
  const { chain } = setUp(['ok']);
  const trims = [0.4, 0.9].map((kept) =>
    rewriteStep({
      name: 'trim',
      stage: 'call',
      rewrite(request, { emit, req_id }) {
        const ratios = { compress_ratio: kept, semantic_retention: kept, fact_retention: kept };
        emit({
          type: 'metrics',
          req_id,
          scope: 'trim',
          token_in: 9,
          token_out: 9,
          ...ratios,
          step_latency_ms: 1,
          estimated: false,
        });
        return request;
      },
    }),
  );
  const { metrics } = await trims
    .reduce((all, step) => all.use(step), chain)
    .stream({ messages })
    .result();
  expect(metrics).toMatchObject({ compress_ratio: 0.4, semantic_retention: 0.4, fact_retention: 0.4 });
});

it('goes on reading past batches that hold nothing', async () => {
  const quiet: Step = {
    name: 'quiet',
    stage: 'call',
    wrap: (next) =>
      async function* (request, context) {
        yield [];
        yield* next(request, context);
        yield [];
      },
  };
  const { chain } = setUp(['ok']);
  await expect(chain.use(quiet).stream({ messages }).result()).resolves.toMatchObject({ text: 'ok' });
});

describe('leaving a run', () => {
  it('break cancels the stream at once, and the account is made', async () => {
    const { chain, provider, clock } = setUp([{ text: ['one', 'two'], hang: true }]);
    const run = chain.stream({ messages });
    for await (const text of run.tokens()) if (text === 'one') break;
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
    await expect(run.result()).resolves.toMatchObject({
      text: expect.stringMatching(/^one/) as string,
      finishReason: 'aborted',
      metrics: { estimated: true, retryable: null, calls: 1 },
    });
  });

  it('abort ends with the partial text and its metrics', async () => {
    const { chain, provider, clock } = setUp([{ text: ['one', 'two'], hang: true }]);
    const controller = new AbortController();
    const run = chain.stream({ messages, signal: controller.signal });
    const seen: string[] = [];
    for await (const event of run) {
      seen.push(event.type === 'metrics' ? `metrics ${event.scope}` : event.type);
      if (event.type === 'token' && event.text === 'two') controller.abort();
    }
    expect(seen.slice(-5)).toEqual(['token', 'attempt-end', 'metrics call', 'metrics run', 'done']);
    await expect(run.result()).resolves.toMatchObject({ text: 'onetwo', finishReason: 'aborted' });
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('settles when nobody is pulling', async () => {
    const { chain, provider } = setUp([{ text: ['one'], hang: true }]);
    const controller = new AbortController();
    const run = chain.stream({ messages, signal: controller.signal });
    const tokens = run.tokens();
    await tokens.next();
    const result = run.result();
    controller.abort();
    await expect(result).resolves.toMatchObject({ text: 'one', finishReason: 'aborted' });
    expect(provider.open).toBe(0);
  });

  it('a signal that is aborted already sends nothing', async () => {
    const { chain, provider } = setUp(['never']);
    const run = chain.stream({ messages, signal: AbortSignal.abort() });
    await expect(run.result()).resolves.toMatchObject({ text: '', finishReason: 'aborted' });
    expect(provider.requests).toHaveLength(0);
  });

  it('a run that is stopped before it is read never begins', async () => {
    const { chain, provider } = setUp(['never']);
    const run = chain.stream({ messages });
    run.abort();
    await expect(run.result()).resolves.toMatchObject({ text: '', finishReason: 'aborted' });
    expect(provider.requests).toHaveLength(0);
  });

  it('leaves no listener on the caller’s signal', async () => {
    const { chain } = setUp(['ok']);
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners++;
      add(...parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners--;
      remove(...parameters);
    };
    for (let i = 0; i < 100; i++) await chain.stream({ messages, signal }).result();
    expect(listeners).toBe(0);
  });

  it('settles after a grace time when a step does not listen', async () => {
    const { chain, clock } = setUp(['ok']);
    const deaf: Step = {
      name: 'deaf',
      stage: 'plan',
      wrap: () =>
        async function* () {
          await new Promise(() => undefined);
          yield [];
        },
    };
    const run = chain.use(deaf).stream({ messages });
    const result = run.result();
    await clock.advance(0);
    run.abort();
    await clock.advance(1000);
    await expect(result).resolves.toMatchObject({ finishReason: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  it('cuts off a provider that does not listen', async () => {
    const deaf = {
      name: 'deaf',
      model: 'm',
      isLanguageModel: false,
      async *generate() {
        await new Promise(() => undefined);
        yield [];
      },
    };
    const clock = new FakeClock();
    const run = new Chain({ provider: deaf, clock }).stream({ messages });
    const result = run.result();
    await clock.advance(0);
    run.abort();
    await expect(result).resolves.toMatchObject({ finishReason: 'aborted', metrics: { calls: 1 } });
    expect(clock.pending).toBe(0);
  });
});

describe('failing', () => {
  it('throws to the reader after the metrics, and to the result', async () => {
    const { chain } = setUp([
      { text: 'half', error: providerError('bad-request', { retryable: false, status: 400 }) },
    ]);
    const run = chain.stream({ messages });
    const { events, error } = await watch(run);
    expect(error).toMatchObject({ code: 'bad-request', status: 400 });
    expect(only(events, 'done')).toHaveLength(0);
    expect(events.at(-1)).toMatchObject({ type: 'metrics', scope: 'run', retryable: false });
    expect(only(events, 'attempt-end')[0]).toMatchObject({
      outcome: 'failed',
      retryable: false,
      delayMs: null,
    });
    await expect(run.result()).rejects.toBe(error);
    expect(run.text).toBe('half');
  });

  it('ends for good after an error', async () => {
    const { chain } = setUp([{ error: providerError('bad-request', { retryable: false }) }]);
    const tokens = chain.stream({ messages }).tokens();
    await expect(tokens.next()).rejects.toMatchObject({ code: 'bad-request' });
    await expect(tokens.next()).resolves.toEqual({ done: true, value: undefined });
  });

  it('takes a stream without an end for a broken one', async () => {
    const { chain, clock } = setUp([{ text: 'half', cut: true }]);
    const reading = watch({
      [Symbol.asyncIterator]: () => chain.stream({ messages })[Symbol.asyncIterator](),
    });
    await clock.advance(10_000);
    const { events, error } = await reading;
    expect(error).toMatchObject({ code: 'truncated', retryable: true, maybeAccepted: true });
    expect(only(events, 'attempt-end')[0]?.error).toMatchObject({ code: 'truncated', maybeAccepted: true });
  });

  it('throws a step’s own error as it is', async () => {
    const { chain, provider } = setUp(['ok']);
    const broken: Step = {
      name: 'broken',
      stage: 'call',
      wrap: () => () => {
        throw new RangeError('mine');
      },
    };
    await expect(chain.use(broken).stream({ messages }).result()).rejects.toThrow(RangeError);
    expect(provider.requests).toHaveLength(0);
  });

  it('wraps a provider’s foreign error and hides nothing but the details', async () => {
    const { chain } = setUp([{ error: new Error('Authorization: Bearer sk-secret') }]);
    const { error } = await watch(chain.stream({ messages }));
    expect(error).toMatchObject({ code: 'unknown', retryable: false });
    expect(JSON.stringify(error)).not.toContain('sk-secret');
    expect(String(error)).not.toContain('sk-secret');
  });
});

describe('retrying', () => {
  const busy = () => ({ error: providerError('overloaded', { status: 529 }) });

  it('waits 1, 2 and 4 s, then gives up', async () => {
    const { chain, clock, provider } = setUp([busy(), busy(), busy(), busy()]);
    const reading = watch(chain.stream({ messages }));
    for (const [ms, requests] of [
      [999, 1],
      [1, 2],
      [1999, 2],
      [1, 3],
      [3999, 3],
      [1, 4],
    ] as const) {
      await clock.advance(ms);
      expect(provider.requests).toHaveLength(requests);
    }
    const { events, error } = await reading;
    expect(error).toMatchObject({ code: 'overloaded' });
    expect(only(events, 'attempt-end').map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [4, null],
    ]);
    expect(clock.pending).toBe(0);
  });

  it('adds at most a quarter of jitter, and never less than Retry-After', async () => {
    const provider = scriptedProvider([
      busy(),
      { error: providerError('rate-limited', { retryAfterMs: 7000 }) },
      'ok',
    ]);
    const clock = new FakeClock();
    const run = new Chain({ provider, clock, random: () => 0.5 }).stream({ messages });
    const reading = watch(run);
    await clock.advance(10_000);
    const { events } = await reading;
    expect(only(events, 'attempt-end').map(({ delayMs }) => delayMs)).toEqual([1125, 7000, null]);
    await expect(run.result()).resolves.toMatchObject({ text: 'ok', metrics: { attempts: 3, calls: 1 } });
  });

  it('does not wait longer than a minute: it fails at once', async () => {
    const { chain, provider } = setUp([
      { error: providerError('rate-limited', { retryAfterMs: 3_600_000 }) },
    ]);
    const { error } = await watch(chain.stream({ messages }));
    expect(error).toMatchObject({ code: 'rate-limited', retryable: true });
    expect(provider.requests).toHaveLength(1);
  });

  it('marks text that was shown and is void, and never merges it', async () => {
    const { chain, clock } = setUp([{ text: 'wrong', error: providerError() }, { text: 'right' }]);
    const run = chain.stream({ messages });
    const reading = watch(run);
    await clock.advance(1000);
    const { events } = await reading;
    expect(only(events, 'attempt-end').map(({ superseded }) => superseded)).toEqual([true, false]);
    expect(only(events, 'token').map(({ attempt, text }) => [attempt, text])).toEqual([
      [1, 'wrong'],
      [2, 'right'],
    ]);
    await expect(run.result()).resolves.toMatchObject({ text: 'right' });
  });

  it('does not repeat an attempt whose text a token reader has been given', async () => {
    const { chain, provider } = setUp([{ text: 'wrong', error: providerError() }, { text: 'right' }]);
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of chain.stream({ messages }).tokens()) texts.push(text);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'server', retryable: true });
    expect(texts).toEqual(['wrong']);
    expect(provider.requests).toHaveLength(1);
  });

  it('stops waiting when it is aborted', async () => {
    const { chain, clock, provider } = setUp([busy()]);
    const run = chain.stream({ messages });
    const result = run.result();
    await clock.advance(500);
    run.abort();
    await expect(result).resolves.toMatchObject({ finishReason: 'aborted', metrics: { attempts: 1 } });
    expect(provider.requests).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe('time limits', () => {
  it.each([
    ['no first text', { hang: true }, { firstTokenMs: 3000 }, 3000, /firstTokenMs/],
    ['silence in the middle', { text: 'a', hang: true }, { idleMs: 2000 }, 2000, /idleMs/],
    [
      'an answer without end',
      { text: Array.from({ length: 99 }, String), delayMs: 900 },
      { totalMs: 5000 },
      5000,
      /totalMs/,
    ],
  ])('ends %s', async (_, script, timeouts, ms, message) => {
    const provider = scriptedProvider([script]);
    const clock = new FakeClock();
    const chain = new Chain({ provider, clock, timeouts, retry: { maxRetries: 0 } });
    const reading = watch(chain.stream({ messages }));
    await clock.advance(ms + 1);
    const { error } = await reading;
    expect(error).toMatchObject({
      code: 'timeout',
      retryable: true,
      message: expect.stringMatching(message) as string,
    });
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('does not end an answer that keeps coming', async () => {
    const text = Array.from({ length: 50 }, String);
    const { chain, clock } = setUp([{ text, delayMs: 50_000 }]);
    const result = chain.stream({ messages }).result();
    await clock.advance(599_000);
    await expect(Promise.race([result, Promise.resolve('still running')])).resolves.toBe('still running');
  });
});

describe('watching', () => {
  it('a failing observer costs an issue, not the answer', async () => {
    const provider = scriptedProvider(['ok']);
    const broken = {
      end() {
        throw new Error('disk full');
      },
      events() {
        throw new Error('disk full');
      },
    };
    const run = new Chain({ provider, observers: [broken] }).stream({ messages });
    const { events, error } = await watch(run);
    expect(error).toBeUndefined();
    expect(only(events, 'issue')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
  });
});

describe('a thousand runs at once', () => {
  it('keeps them apart', async () => {
    const provider = scriptedProvider([
      (request) => ({ text: ['re: ', request.messages.map(textOf).join('')] }),
    ]);
    const chain = new Chain({ provider });
    const results = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const run = chain.stream({ messages: [{ role: 'user', content: `n${index}` }] });
        return (await run.result()).text;
      }),
    );
    expect(results).toEqual(Array.from({ length: 1000 }, (_, index) => `re: n${index}`));
    expect(provider.open).toBe(0);
  });
});
