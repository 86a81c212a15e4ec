import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain, type ChainOptions, type RunInput } from '../../../src/chain.ts';
import { Conversation } from '../../../src/conversation.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { RequestLogRecord } from '../../../src/log/records.ts';
import { requestLog } from '../../../src/log/request-log.ts';
import type { RunLimits } from '../../../src/provider.ts';
import { continueAfterCut } from '../../../src/reliability/continue-after-cut.ts';
import { fallback } from '../../../src/reliability/fallback.ts';
import { FakeClock, providerError, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Count.' }] as const;
const words = Array.from({ length: 50 }, (_, index) => `word${index} `);

function setUp(scripts: readonly ScriptSource[], limits: RunLimits, options: Partial<ChainOptions> = {}) {
  const provider = scriptedProvider(scripts);
  const clock = new FakeClock();
  return { provider, clock, chain: new Chain({ provider, clock, random: () => 0, limits, ...options }) };
}

async function read(chain: Chain, input: Partial<RunInput> = {}) {
  const run = chain.stream({ messages, ...input });
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return { events, result: await run.result() };
}

const endsOf = (events: readonly ChainEvent[]) => events.filter((event) => event.type === 'attempt-end');

describe('limits of a run', () => {
  it.each([
    ['maxTokens', 'tokens'],
    ['maxCostUsd', 'cost'],
    ['maxMs', 'time'],
  ] as const)('sends nothing at all with %s of 0', async (name, stopped_by) => {
    const { chain, provider } = setUp(['ok'], { [name]: 0 }, { price: () => 0.01 });
    const { events, result } = await read(chain);
    expect(provider.requests).toHaveLength(0);
    expect(events.map(({ type }) => type)).toEqual(['run-start', 'metrics', 'done']);
    expect(result).toMatchObject({ text: '', finishReason: 'limit', metrics: { stopped_by, calls: 0 } });
  });

  it('cuts an answer off while it streams, keeps what there is of it, and cancels the provider', async () => {
    const { chain, provider, clock } = setUp([{ text: words }], { maxTokens: 40 });
    const { events, result } = await read(chain);
    expect(words.join('').startsWith(result.text)).toBe(true);
    expect(result.text.length).toBeGreaterThan(10);
    expect(result).toMatchObject({ finishReason: 'limit', metrics: { stopped_by: 'tokens' } });
    // One read may go over, and no more.
    const { token_in, token_out } = result.metrics;
    expect(token_in + token_out).toBeGreaterThanOrEqual(40);
    expect(token_in + token_out).toBeLessThan(45);
    expect(endsOf(events)).toMatchObject([
      { outcome: 'aborted', finishReason: 'limit', retryable: null, error: { code: 'limit-reached' } },
    ]);
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('holds for every limit and every way to cut the answer into reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 12 }),
        fc.nat({ max: 80 }),
        async (text, maxTokens) => {
          const { result } = await read(setUp([{ text }], { maxTokens }).chain);
          const whole = result.text === text.join('');
          expect(text.join('').startsWith(result.text)).toBe(true);
          expect(result.finishReason === 'stop').toBe(result.metrics.stopped_by === undefined);
          if (result.metrics.stopped_by === undefined) expect(whole).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('gives a reader of tokens what there is, and no error', async () => {
    const { chain } = setUp([{ text: words }], { maxTokens: 40 });
    const texts: string[] = [];
    const run = chain.stream({ messages });
    for await (const text of run.tokens()) texts.push(text);
    expect(texts.length).toBeGreaterThan(2);
    expect(texts.join('')).toBe((await run.result()).text);
  });

  it('lets a call that ends just then end well', async () => {
    const usage = { token_in: 500, token_out: 500 };
    const { chain } = setUp([{ text: 'ok', usage }], { maxTokens: 100 });
    const { result } = await read(chain);
    expect(result).toMatchObject({ text: 'ok', finishReason: 'stop' });
    expect(result.metrics).not.toHaveProperty('stopped_by');
  });

  it('counts what was billed and not what was estimated, over all attempts', async () => {
    const failed: ScriptSource = { text: 'a', error: providerError('server', { retryAfterMs: 0 }) };
    const { chain, clock, provider } = setUp([failed, failed, 'never'], { maxTokens: 24 });
    const reading = read(chain);
    await clock.advance(10_000);
    const { result } = await reading;
    expect(provider.requests).toHaveLength(2);
    expect(result.metrics).toMatchObject({ stopped_by: 'tokens', attempts: 2, calls: 1 });
    expect(result.finishReason).toBe('limit');
  });

  it('stops by cost, in the middle of an answer', async () => {
    const price = ({ token_out }: { token_out: number }) => token_out / 100;
    const { chain } = setUp([{ text: words }], { maxCostUsd: 0.1 }, { price });
    const { result } = await read(chain);
    expect(result.metrics.stopped_by).toBe('cost');
    expect(result.metrics.cost_usd).toBeGreaterThanOrEqual(0.1);
    expect(result.metrics.cost_usd).toBeLessThan(0.16);
  });

  it('lets free calls pass under a limit of cost', async () => {
    const { chain } = setUp(['ok'], { maxCostUsd: 0.1 }, { price: () => 0 });
    expect((await read(chain)).result.text).toBe('ok');
  });

  it('stops by time, also a provider that has fallen silent', async () => {
    const { chain, clock, provider } = setUp([{ text: ['one ', 'two '], hang: true }], { maxMs: 700 });
    const reading = read(chain);
    await clock.advance(699);
    expect(provider.open).toBe(1);
    await clock.advance(1);
    const { result } = await reading;
    expect(result).toMatchObject({
      text: 'one two ',
      finishReason: 'limit',
      metrics: { stopped_by: 'time', latency_ms: 700 },
    });
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('does not wait for a retry that would come too late, and throws the failure', async () => {
    const { chain, clock } = setUp([{ error: providerError('overloaded') }], { maxMs: 900 });
    const reading = read(chain).catch((error: unknown) => error);
    await clock.advance(1);
    expect(await reading).toMatchObject({ code: 'overloaded' });
    expect(clock.pending).toBe(0);
  });

  it('is not a failure that fallback or continueAfterCut would mend', async () => {
    const second = scriptedProvider(['never']);
    const { chain, provider } = setUp([{ text: words }], { maxTokens: 40 });
    const { result } = await read(chain.use(fallback([second])).use(continueAfterCut()));
    expect(result.metrics.stopped_by).toBe('tokens');
    expect(second.requests).toHaveLength(0);
    expect(provider.requests).toHaveLength(1);
  });

  it('takes the smaller of two limits, so that a request cannot raise what the chain allows', async () => {
    const { chain } = setUp([{ text: words }], { maxTokens: 40 });
    const raised = await read(chain, { limits: { maxTokens: 10_000 } });
    expect(raised.result.metrics.stopped_by).toBe('tokens');
    const lowered = await read(chain, { limits: { maxTokens: 0 } });
    expect(lowered.result.text).toBe('');
    expect((await read(setUp(['ok'], {}).chain)).result.metrics).not.toHaveProperty('stopped_by');
  });

  it.each([
    [{ maxTokens: -1 }, /limits\.maxTokens must be a number/],
    [{ maxMs: Number.NaN }, /limits\.maxMs must be a number/],
    [{ maxCostUsd: 1 }, /limits\.maxCostUsd needs prices/],
  ])('refuses %o', async (limits, message) => {
    await expect(read(setUp(['ok'], limits).chain)).rejects.toThrow(message);
  });

  it('makes no call whose price it does not know, where the cost is limited', async () => {
    const { chain, provider } = setUp(['ok'], { maxCostUsd: 1 }, { price: () => null });
    await expect(read(chain)).rejects.toThrow(/the price of scripted-1 of provider «scripted» is not known/);
    expect(provider.requests).toHaveLength(0);
  });

  it('is in the request log', async () => {
    const lines: string[] = [];
    const observers = [requestLog({ write: (line: string) => lines.push(line) })];
    await read(setUp(['ok'], { maxTokens: 0 }, { observers }).chain);
    await read(setUp(['ok'], { maxTokens: 1000 }, { observers }).chain);
    const records = lines.map((line) => JSON.parse(line) as RequestLogRecord);
    expect(
      records.map(({ status, finish_reason, stopped_by }) => [status, finish_reason, stopped_by]),
    ).toEqual([
      ['completed', 'limit', 'tokens'],
      ['completed', 'stop', null],
    ]);
  });

  it('keeps a partial answer in a conversation, and leaves no empty one', async () => {
    const { chain } = setUp([{ text: words }], { maxTokens: 40 });
    const conversation = new Conversation({ chain });
    await conversation.send('Count.').result();
    expect(conversation.messages).toHaveLength(2);
    await conversation.send('Go on.', { limits: { maxTokens: 0 } }).result();
    expect(conversation.messages).toHaveLength(2);
  });
});
