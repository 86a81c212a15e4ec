import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Usage } from '../../../src/event.ts';
import { costUsd, models, type ModelEntry, type ModelPrices } from '../../../src/models/index.ts';

const priced = (prices: ModelPrices): ModelEntry => ({ ...(models.find('gpt-4o') as ModelEntry), prices });
const claude = models.find('claude-sonnet-4-5') as ModelEntry;
const gemini = models.find('gemini-2.5-pro') as ModelEntry;

const count = fc.nat({ max: 2_000_000 });
const usage = fc
  .record({ fresh: count, read: count, write: count, out: count })
  .map(({ fresh, read, write, out }): Usage => ({
    token_in: fresh + read + write,
    token_out: out,
    token_cache_read: read,
    token_cache_write: write,
  }));
const dollars = fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 1000);
const flat = fc.record({ input: dollars, output: dollars, cacheRead: dollars, cacheWrite: dollars });
const stepped = fc
  .tuple(flat, fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 5 }))
  .map(([prices, aboveTokens, times]): ModelPrices => {
    const dearer = Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, price * times]));
    return { ...prices, longPrompt: [{ aboveTokens, ...(dearer as typeof prices) }] };
  });

const sum = (one: Usage, other: Usage): Usage => ({
  token_in: one.token_in + other.token_in,
  token_out: one.token_out + other.token_out,
  token_cache_read: (one.token_cache_read ?? 0) + (other.token_cache_read ?? 0),
  token_cache_write: (one.token_cache_write ?? 0) + (other.token_cache_write ?? 0),
});
const cost = (used: Usage, prices: ModelPrices): number => costUsd(used, priced(prices)) ?? NaN;

describe('costUsd', () => {
  it('prices prompt and answer apart, per million', () => {
    expect(costUsd({ token_in: 1_000_000, token_out: 100_000 }, claude)).toBeCloseTo(3 + 1.5, 10);
  });

  it('takes cache reads and writes out of the prompt and prices them apart', () => {
    const used = { token_in: 1_000_000, token_out: 0, token_cache_read: 600_000, token_cache_write: 300_000 };
    expect(costUsd(used, claude)).toBeCloseTo(0.1 * 3 + 0.6 * 0.3 + 0.3 * 3.75, 10);
  });

  it('does not charge reasoning twice', () => {
    const used = { token_in: 0, token_out: 1000, token_reasoning: 900 };
    expect(costUsd(used, claude)).toBe(costUsd({ token_in: 0, token_out: 1000 }, claude));
  });

  it('bills the whole call at the dearer price when the prompt is over the step', () => {
    expect(costUsd({ token_in: 200_000, token_out: 1000 }, gemini)).toBeCloseTo(0.25 + 0.01, 10);
    expect(costUsd({ token_in: 200_001, token_out: 1000 }, gemini)).toBeCloseTo(0.500_002_5 + 0.015, 10);
  });

  it('takes the highest step that the prompt is over', () => {
    const qwen = models.find('qwen3-max') as ModelEntry;
    const at = (tokens: number) => costUsd({ token_in: tokens, token_out: 0 }, qwen);
    expect([at(10_000), at(100_000), at(200_000)]).toEqual([0.012, 0.24, 0.6]);
  });

  it('is null where a price that is needed is not known, and only there', () => {
    const bare = { input: 1, output: 2 };
    expect(costUsd({ token_in: 10, token_out: 1, token_cache_read: 5 }, priced(bare))).toBeNull();
    expect(costUsd({ token_in: 10, token_out: 1, token_cache_write: 5 }, priced(bare))).toBeNull();
    expect(costUsd({ token_in: 10, token_out: 1, token_cache_read: 0 }, priced(bare))).toBeCloseTo(
      0.000_012,
      12,
    );
    expect(costUsd({ token_in: 10, token_out: 1 }, priced({ input: null, output: 2 }))).toBeNull();
    expect(costUsd({ token_in: 0, token_out: 1 }, priced({ input: null, output: 2 }))).toBeCloseTo(
      0.000_002,
      12,
    );
    expect(costUsd({ token_in: 10, token_out: 1 }, priced({ input: 1, output: null }))).toBeNull();
    expect(costUsd({ token_in: 272_001, token_out: 1 }, models.find('gpt-5.4') as ModelEntry)).toBeNull();
    expect(costUsd({ token_in: 272_000, token_out: 1 }, models.find('gpt-5.4') as ModelEntry)).not.toBeNull();
  });

  it('prices an embedding, which has no answer', () => {
    const entry = models.find('text-embedding-3-small') as ModelEntry;
    expect(costUsd({ token_in: 1_000_000, token_out: 0 }, entry)).toBe(0.02);
  });

  it.each([NaN, -1, Infinity])('is null where a count is %s', (wrong) => {
    expect(costUsd({ token_in: wrong, token_out: 1 }, claude)).toBeNull();
    expect(costUsd({ token_in: 1, token_out: wrong }, claude)).toBeNull();
    expect(costUsd({ token_in: 1, token_out: 1, token_cache_read: wrong }, claude)).toBeNull();
  });

  it('is additive where there are no steps', () => {
    fc.assert(
      fc.property(usage, usage, flat, (one, other, prices) => {
        expect(cost(sum(one, other), prices)).toBeCloseTo(cost(one, prices) + cost(other, prices), 6);
      }),
    );
  });

  it('is proportional to the prices', () => {
    fc.assert(
      fc.property(usage, flat, (used, prices) => {
        const doubled = Object.fromEntries(Object.entries(prices).map(([name, price]) => [name, price * 2]));
        expect(cost(used, doubled as typeof prices)).toBeCloseTo(cost(used, prices) * 2, 6);
      }),
    );
  });

  it('never falls when tokens are added, steps or none', () => {
    fc.assert(
      fc.property(usage, usage, fc.oneof(flat, stepped), (used, more, prices) => {
        expect(cost(sum(used, more), prices)).toBeGreaterThanOrEqual(cost(used, prices));
      }),
    );
  });

  it('is nothing for nothing, and a number for every model without caching', () => {
    for (const entry of models.entries) {
      expect(costUsd({ token_in: 0, token_out: 0 }, entry)).toBe(0);
      expect(costUsd({ token_in: 1000, token_out: 0 }, entry)).toBeGreaterThan(0);
    }
  });
});
