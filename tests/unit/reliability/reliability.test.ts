import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { continueAfterCut } from '../../../src/reliability/continue-after-cut.ts';
import { fallback } from '../../../src/reliability/fallback.ts';
import { retryBudget } from '../../../src/reliability/retry-budget.ts';
import { retry } from '../../../src/reliability/retry.ts';
import { timeout } from '../../../src/reliability/timeout.ts';
import { FakeClock, providerError, scriptedProvider } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;
const refused = () => ({ error: providerError('authentication', { retryable: false, status: 401 }) });

async function collect(run: AsyncIterable<ChainEvent>): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

describe('retry and timeout', () => {
  it('retry overrides the provider’s own policy', async () => {
    const provider = scriptedProvider([{ error: providerError() }], { retry: { maxRetries: 9 } });
    const chain = new Chain({ provider, clock: new FakeClock() }).use(retry({ maxRetries: 0 }));
    await expect(chain.stream({ messages }).result()).rejects.toMatchObject({ code: 'server' });
    expect(provider.requests).toHaveLength(1);
  });

  it('timeout overrides the provider’s own limits', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([{ hang: true }], {
      timeouts: { firstTokenMs: 1e6 },
      retry: { maxRetries: 0 },
    });
    const result = new Chain({ provider, clock })
      .use(timeout({ firstTokenMs: 50 }))
      .stream({ messages })
      .result();
    const [outcome] = await Promise.allSettled([result, clock.advance(51)]);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'timeout' } });
  });
});

describe('retryBudget', () => {
  it('lets calls together retry so often and no more, and fills up as calls are made', async () => {
    const provider = scriptedProvider([{ error: providerError('overloaded') }]);
    const budget = retryBudget({ ratio: 0.5, capacity: 2 });
    const chain = new Chain({ provider }).use(retry({ baseDelayMs: 0, budget }));
    const attempts = async (): Promise<number> => {
      const before = provider.requests.length;
      await expect(chain.stream({ messages }).result()).rejects.toMatchObject({ code: 'overloaded' });
      return provider.requests.length - before;
    };
    expect(await attempts()).toBe(3);
    expect([await attempts(), await attempts(), await attempts(), await attempts()]).toEqual([1, 2, 1, 2]);
  });

  it('refuses what is no budget', () => {
    expect(() => retryBudget({ capacity: 0 })).toThrow(/capacity/);
    expect(() => retryBudget({ ratio: NaN })).toThrow(/ratio/);
  });
});

describe('fallback', () => {
  it('asks the next provider after the first has failed for good, without its model', async () => {
    const first = scriptedProvider([refused()], { name: 'first' });
    const second = scriptedProvider(['from the second'], { name: 'second' });
    const run = new Chain({ provider: first })
      .use(fallback([second]))
      .stream({ messages, model: 'first-only' });
    const events = await collect(run);
    expect(run.text).toBe('from the second');
    expect(second.requests[0]).not.toHaveProperty('model');
    expect(events.filter(({ type }) => type === 'attempt-start')).toMatchObject([
      { provider: 'first', call: 1 },
      { provider: 'second', call: 2 },
    ]);
    expect(events.filter(({ type }) => type === 'attempt-end')).toMatchObject([
      { outcome: 'failed', delayMs: 0, superseded: false },
      { outcome: 'completed' },
    ]);
    await expect(run.result()).resolves.toMatchObject({
      metrics: { calls: 2, attempts: 2, retryable: null },
    });
  });

  it('throws the last error when all fail', async () => {
    const second = scriptedProvider([{ error: providerError('quota', { retryable: false }) }]);
    const run = new Chain({ provider: scriptedProvider([refused()]) })
      .use(fallback([second]))
      .stream({ messages });
    await expect(run.result()).rejects.toMatchObject({ code: 'quota' });
  });

  it('does not follow text that was shown, unless told to', async () => {
    const half = { text: 'half', error: providerError('bad-request', { retryable: false }) };
    const chain = (afterText: boolean) =>
      new Chain({ provider: scriptedProvider([half]) }).use(
        fallback([scriptedProvider(['whole'])], { afterText }),
      );
    await expect(chain(false).stream({ messages }).result()).rejects.toMatchObject({ code: 'bad-request' });
    const run = chain(true).stream({ messages });
    const events = await collect(run);
    expect(events.find(({ type }) => type === 'attempt-end')).toMatchObject({ superseded: true, delayMs: 0 });
    expect(run.text).toBe('whole');
    const texts: string[] = [];
    const reading = (async () => {
      for await (const text of chain(true).stream({ messages }).tokens()) texts.push(text);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'bad-request' });
    expect(texts).toEqual(['half']);
  });

  it('asks only where the caller says so', async () => {
    const second = scriptedProvider(['second']);
    const chain = new Chain({ provider: scriptedProvider([refused()]) }).use(
      fallback([second], { when: ({ code }) => code !== 'authentication' }),
    );
    await expect(chain.stream({ messages }).result()).rejects.toMatchObject({ code: 'authentication' });
    expect(second.requests).toHaveLength(0);
  });

  it('does not follow an abort', async () => {
    const second = scriptedProvider(['second']);
    const chain = new Chain({ provider: scriptedProvider([{ text: ['a'], hang: true }]) }).use(
      fallback([second]),
    );
    for await (const _ of chain.stream({ messages }).tokens()) break;
    expect(second.requests).toHaveLength(0);
  });
});

describe('continueAfterCut', () => {
  it('asks for the rest and joins it without repeating', async () => {
    const provider = scriptedProvider([
      { text: ['The gate ', 'opens at ni'], cut: true },
      { text: ['opens at ', 'nine', ' and closes at five.'] },
    ]);
    const chain = new Chain({ provider, retry: { maxRetries: 0 } }).use(continueAfterCut());
    const texts: string[] = [];
    const run = chain.stream({ messages });
    for await (const text of run.tokens()) texts.push(text);
    expect(texts.join('')).toBe('The gate opens at nine and closes at five.');
    expect(run.text).toBe(texts.join(''));
    expect(provider.requests[1]?.messages.slice(-2)).toMatchObject([
      { role: 'assistant', content: 'The gate opens at ni' },
      { role: 'user', content: expect.stringMatching(/rest/) as string },
    ]);
    await expect(run.result()).resolves.toMatchObject({ metrics: { calls: 2 } });
  });

  it('asks in Japanese in a Japanese conversation', async () => {
    const provider = scriptedProvider([{ text: '門は', cut: true }, '九時に開きます。']);
    const chain = new Chain({ provider, retry: { maxRetries: 0 } }).use(continueAfterCut());
    const japanese = [{ role: 'user', content: '門はいつ開きますか' }] as const;
    await expect(chain.stream({ messages: japanese }).result()).resolves.toMatchObject({
      text: '門は九時に開きます。',
    });
    expect(provider.requests[1]?.messages.at(-1)?.content).toMatch(/続き/);
  });

  it('gives up after so many continuations, and on errors that no rest can mend', async () => {
    const cut = { text: 'x', cut: true };
    const provider = scriptedProvider([cut]);
    const chain = new Chain({ provider, retry: { maxRetries: 0 } }).use(
      continueAfterCut({ maxContinuations: 1 }),
    );
    await expect(chain.stream({ messages }).result()).rejects.toMatchObject({ code: 'truncated' });
    expect(provider.requests).toHaveLength(2);
    const wrong = scriptedProvider([
      { text: 'x', error: providerError('bad-request', { retryable: false }) },
    ]);
    const other = new Chain({ provider: wrong }).use(continueAfterCut());
    await expect(other.stream({ messages }).result()).rejects.toMatchObject({ code: 'bad-request' });
    expect(wrong.requests).toHaveLength(1);
  });
});
