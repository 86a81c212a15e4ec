import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent, MetricsEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import type { PriceCall } from '../../../src/provider.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { costDelta } from '../../../src/trim/cost-delta.ts';
import { trim, type TrimStepOptions } from '../../../src/trim/trim.ts';
import { countingCosts } from './histories.ts';

/** 2 USD per million fresh tokens, 0.5 from the cache. */
const price: PriceCall = ({ token_in, token_cache_read = 0 }) =>
  ((token_in - token_cache_read) * 2 + token_cache_read * 0.5) / 1e6;

const turn = (n: number): Message[] => [
  { role: 'user', content: `質問 ${n}: how is number ${n}?` },
  { role: 'assistant', content: `Number ${n} is fine. ${'So it goes. '.repeat(8)}` },
];
const long: Message[] = [
  { role: 'system', content: 'Be brief.' },
  ...Array.from({ length: 20 }, (_, n) => turn(n)).flat(),
];
const ask: Message = { role: 'user', content: 'And?' };

type Trimmed = Extract<MetricsEvent, { scope: 'trim' }>;

async function figuresOf(events: AsyncIterable<ChainEvent>): Promise<Trimmed | undefined> {
  let found: Trimmed | undefined;
  for await (const event of events) if (event.type === 'metrics' && event.scope === 'trim') found = event;
  return found;
}

/** The figures of two calls of one conversation, the second one turn later. */
async function twice(pricing: { readonly price?: PriceCall }, options: Partial<TrimStepOptions> = {}) {
  const chain = new Chain({ provider: scriptedProvider(['fine']), ...pricing }).use(
    trim({ targetTokens: 300, strategy: 'recent', counter: countingCosts(), ...options }),
  );
  const state = new Map<string, unknown>();
  const first = await figuresOf(chain.stream({ messages: [...long, ask], state }));
  const later: Message[] = [...long, ask, { role: 'assistant', content: 'Fine.' }, ask];
  const stored = new Map(JSON.parse(JSON.stringify([...state])) as [string, unknown][]);
  const second = await figuresOf(chain.stream({ messages: later, state: stored }));
  const third = await figuresOf(chain.stream({ messages: [...turn(99), ask], state: stored }));
  return { first, second, third };
}

describe('costDelta', () => {
  const context = { provider: scriptedProvider([]), price };

  it.each([
    // (1000 × 2) − (8000 × 0.5 + 2000 × 2) = 2000 − 8000, in millionths of a dollar
    [{ tokens: 1000, cached: 0 }, { tokens: 10_000, cached: 8000 }, -0.006],
    // (800 × 0.5 + 200 × 2) − (9000 × 0.5 + 1000 × 2) = 800 − 6500
    [{ tokens: 1000, cached: 800 }, { tokens: 10_000, cached: 9000 }, -0.0057],
    // A window that slides is dearer: (4000 × 2) − (5900 × 0.5 + 100 × 2) = 8000 − 3150
    [{ tokens: 4000, cached: 0 }, { tokens: 6000, cached: 5900 }, 0.00485],
    [{ tokens: 700, cached: 300 }, { tokens: 700, cached: 300 }, 0],
    // A prompt that has shrunk cannot be cached beyond its end.
    [{ tokens: 100, cached: 300 }, { tokens: 100, cached: 100 }, 0],
  ])('is the price of the one less that of the other: %o, %o', (trimmed, whole, expected) => {
    expect(costDelta(context, 'm', { trimmed, whole })).toBeCloseTo(expected, 12);
  });

  it('is null where a price is not known, and undefined where nothing is priced', () => {
    const sizes = { trimmed: { tokens: 10, cached: 0 }, whole: { tokens: 20, cached: 5 } };
    const noCache: PriceCall = ({ token_cache_read = 0 }) => (token_cache_read > 0 ? null : 1);
    expect(costDelta({ ...context, price: noCache }, 'm', sizes)).toBe(null);
    expect(costDelta({ provider: context.provider }, 'm', sizes)).toBe(undefined);
  });

  it('asks for the price of the model and provider of the call', () => {
    const asked: unknown[] = [];
    const listening: PriceCall = (usage, call) => {
      asked.push(call, usage.token_out);
      return 0;
    };
    costDelta({ ...context, price: listening }, 'm', {
      trimmed: { tokens: 1, cached: 0 },
      whole: { tokens: 2, cached: 0 },
    });
    expect(asked).toEqual([{ provider: 'scripted', model: 'm' }, 0, { provider: 'scripted', model: 'm' }, 0]);
  });
});

describe('cost_delta_usd', () => {
  it('compares what is sent with the whole history, all of which would be cached but the last turn', async () => {
    const { first, second, third } = await twice({ price });
    expect(first).not.toHaveProperty('cost_delta_usd');
    const { token_in = 0, token_out = 0, cache_prefix_tokens = 0 } = second ?? {};
    expect(cache_prefix_tokens).toBeGreaterThan(0);
    const cached = first?.token_in ?? 0;
    const expected =
      (cache_prefix_tokens * 0.5 +
        (token_out - cache_prefix_tokens) * 2 -
        (cached * 0.5 + (token_in - cached) * 2)) /
      1e6;
    expect(second?.cost_delta_usd).toBeCloseTo(expected, 12);
    expect(second?.cost_delta_usd).toBeLessThan(0);
    // Another history: what the cache would hold of it is not known.
    expect(third).not.toHaveProperty('cost_delta_usd');
  });

  it('is 0 where nothing had to go', async () => {
    const { second } = await twice({ price }, { targetTokens: Infinity });
    expect(second?.cost_delta_usd).toBe(0);
    const estimated = new Chain({
      provider: scriptedProvider([{ text: 'fine', usage: { token_in: 3000, token_out: 1 } }]),
      price,
    }).use(trim({ targetTokens: Infinity }));
    const state = new Map<string, unknown>();
    await estimated.stream({ messages: long, state }).result();
    // The correction has changed in between; the comparison must not.
    expect((await figuresOf(estimated.stream({ messages: [...long, ask], state })))?.cost_delta_usd).toBe(0);
  });

  it('is null where a price is not known, and left out where nothing is priced', async () => {
    expect((await twice({ price: () => null })).second?.cost_delta_usd).toBe(null);
    const { second } = await twice({});
    expect(second).toHaveProperty('cache_prefix_tokens');
    expect(second).not.toHaveProperty('cost_delta_usd');
  });
});
