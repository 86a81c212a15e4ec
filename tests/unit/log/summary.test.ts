import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { renderSummary, requestLog, summariseLog, summarisePage } from '../../../src/log/index.ts';
import { parseExposition } from '../../../src/log/summary/parse-exposition.ts';
import { Quantiles } from '../../../src/log/summary/quantiles.ts';
import { prometheus } from '../../../src/prometheus/index.ts';
import { FakeClock, providerError, scriptedProvider } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';

const messages = [{ role: 'user', content: 'When does the freeze begin? 凍結はいつからですか。' }] as const;
const long = Array.from({ length: 30 }, (_, index) => ({
  role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: `Message ${index} of a long talk about parcels, dates and prices.`,
}));

/** A day in the life of a service: 20 runs that take 100, 200 … 2000 ms, one that is repeated, one that fails. */
async function aDay() {
  const lines: string[] = [];
  const metrics = prometheus();
  const clock = new FakeClock();
  const observers = [requestLog({ write: (line) => lines.push(line.trimEnd()) }), metrics];
  const usage = { token_in: 10, token_out: 5 };
  const run = async (provider: ReturnType<typeof scriptedProvider>, history: typeof long, ms: number) => {
    const chain = new Chain({ provider, observers, clock, random: () => 0, price: () => 0.01 });
    const result = chain
      .use(trim({ targetTokens: 300, strategy: 'recent' }))
      .stream({ messages: [...history, ...messages] })
      .result();
    result.catch(() => undefined);
    await clock.advance(ms);
    await result.catch(() => undefined);
  };
  for (let index = 1; index <= 20; index++)
    await run(scriptedProvider([{ text: 'ok', delayMs: index * 100, usage }]), index > 15 ? long : [], 3000);
  await run(scriptedProvider([{ error: providerError('overloaded') }, { text: 'ok', usage }]), [], 3000);
  await run(scriptedProvider([{ error: providerError('overloaded') }]), [], 10_000);
  return { lines, page: await metrics.metrics() };
}

let day: { readonly lines: readonly string[]; readonly page: string };

beforeAll(async () => {
  // What loads late is loaded, so that no time but the clock's passes.
  const chain = new Chain({ provider: scriptedProvider(['ok']) });
  await chain
    .use(trim({ targetTokens: 300, strategy: 'recent' }))
    .stream({ messages: [...long, ...messages] })
    .result();
  day = await aDay();
});

describe('summariseLog', () => {
  it('adds up what the records say, exactly', async () => {
    const { lines } = day;
    const summary = await summariseLog(lines);
    expect(summary).toMatchObject({
      source: 'log',
      percentiles: 'exact',
      lines: { records: lines.length, other: 0, malformed: 0 },
      requests: { total: 22, completed: 21, aborted: 0, failed: 1 },
      errors: [{ code: 'overloaded', retryable: true, count: 1 }],
      retries: { failed_attempts: 5, retried: 4, given_up: 1 },
      token_in: 210,
      token_out: 105,
      runs_in_flight: null,
      streams: null,
    });
    // 20 runs of 100 to 2000 ms, and one that waited 1000 ms for its second attempt.
    expect(summary.first_token_ms).toMatchObject({ count: 21, p50: 1000, p95: 1900, p99: 2000, max: 2000 });
    expect(summary.steps.map(({ step, count }) => [step, count])).toEqual([
      ['trim', 22],
      ['answer', 26],
    ]);
    expect(summary.trims).toMatchObject({ count: 22, changed: 5, semantic_retention: null });
    expect(summary.trims.compress_ratio?.count).toBe(5);
    expect(summary.budgets.map(({ ok }) => ok)).toEqual([false, null, null, expect.any(Boolean)]);
    expect(summary.cost_usd).toBeCloseTo(0.26);
  });

  it('passes over lines of others and broken ones, and counts them', async () => {
    const { lines } = day;
    const [first = '', ...rest] = lines;
    const mixed = [
      'listening on 3000',
      '',
      `2026-11-28T03:00:00Z stdout F ${first}`,
      ...rest,
      '{"name":"katamari.request"}',
      (lines[0] ?? '').slice(0, 80),
      '{"name":"another.record"}',
    ];
    async function* stream() {
      for (const line of mixed) yield await Promise.resolve(line);
    }
    const summary = await summariseLog(stream());
    expect(summary.lines).toEqual({ total: mixed.length - 1, records: lines.length, other: 2, malformed: 2 });
    expect(summary.requests.total).toBe(22);
  });

  it('makes do with requests alone, and with nothing', async () => {
    const { lines } = day;
    const summary = await summariseLog(lines.filter((line) => line.includes('"katamari.request"')));
    expect(summary.trims).toMatchObject({ count: 0, compress_ratio: { count: 5 } });
    expect(await summariseLog([])).toMatchObject({ requests: { total: 0 }, latency_ms: null, from: null });
    expect(renderSummary(await summariseLog([]))).toContain('not measured');
  });

  it('keeps names few', async () => {
    const line = day.lines.find((record) => record.includes('"katamari.request"')) ?? '';
    const many = Array.from({ length: 300 }, (_, index) => line.replaceAll('"answer"', `"step-${index}"`));
    expect((await summariseLog(many)).steps.length).toBeLessThanOrEqual(101);
  });
});

describe('summarisePage', () => {
  it('says of a page what the log says, but for percentiles', async () => {
    const { lines, page } = day;
    const [fromLog, fromPage] = [await summariseLog(lines), summarisePage(page)];
    for (const field of ['requests', 'errors', 'retries', 'token_in', 'token_out'] as const)
      expect(fromPage[field]).toEqual(fromLog[field]);
    expect(fromPage.percentiles).toBe('interpolated');
    expect(fromPage.first_token_ms?.count).toBe(21);
    expect(fromPage.first_token_ms?.mean).toBeCloseTo(fromLog.first_token_ms?.mean ?? NaN, 6);
    // Buckets end at 750 and 1000 ms, and at 1500 and 2500 ms.
    expect(fromPage.first_token_ms?.p50).toBeGreaterThan(750);
    expect(fromPage.first_token_ms?.p50).toBeLessThanOrEqual(1000);
    expect(fromPage.first_token_ms?.p95).toBeGreaterThan(1500);
    expect(fromPage.trims).toMatchObject({ count: 22, changed: 5, semantic_retention: null });
    expect(fromPage.runs_in_flight).toBe(0);
    expect(fromPage.streams).toMatchObject({ open: 0, break_ratio: null, event_delay_ms: null });
    expect(JSON.stringify(fromPage)).not.toContain('NaN');
  });

  it('judges streams by their budgets', async () => {
    const observer = prometheus();
    for (let count = 0; count < 50; count++) {
      observer.stream.opened();
      observer.observeEventDelay(20);
      if (count === 0) observer.stream.broken();
      else observer.stream.closed();
    }
    const { streams, budgets } = summarisePage(await observer.metrics());
    expect(streams?.break_ratio).toBe(0.02);
    expect(budgets.map(({ budget, ok }) => [budget, ok])).toEqual([
      ['first_token_ms p95', null],
      ['event_delay_ms p95', true],
      ['stream breaks', false],
      ['compress_ratio mean', null],
    ]);
  });

  it('takes another prefix, and refuses a page of something else', async () => {
    const page = await prometheus({ prefix: 'app_' }).metrics();
    expect(summarisePage(page, { prefix: 'app_' }).requests.total).toBe(0);
    expect(() => summarisePage(page)).toThrow(/prefix/);
    expect(() => summarisePage('<html>Not found</html>')).toThrow(/right URL/);
  });
});

describe('parseExposition', () => {
  it('reads labels with escapes, odd numbers, times and exemplars', () => {
    const page = [
      '# HELP a text',
      'a{x="say \\"hi\\", {you}\\n",y="2"} 1.5e3 1700000000000',
      'b +Inf',
      'c Nan',
      'd_bucket{le="1"} 3 # {trace_id="t"} 0.5',
      '# EOF',
    ].join('\n');
    expect(parseExposition(page)).toEqual([
      { name: 'a', labels: { x: 'say "hi", {you}\n', y: '2' }, value: 1500 },
      { name: 'b', labels: {}, value: Infinity },
      { name: 'c', labels: {}, value: NaN },
      { name: 'd_bucket', labels: { le: '1' }, value: 3 },
    ]);
  });
});

describe('Quantiles', () => {
  it('are exact by nearest rank', () => {
    const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, (values) => {
        const quantiles = new Quantiles();
        for (const value of values) quantiles.add(value);
        const sorted = values.toSorted((a, b) => a - b);
        expect(quantiles.distribution()?.p95).toBe(sorted[Math.ceil(values.length * 0.95) - 1]);
      }),
      { numRuns: 50 },
    );
  });

  it('stay within 1 % in bounded memory', () => {
    const quantiles = new Quantiles();
    const values = Array.from(
      { length: 100_000 },
      (_, index) => ((index * 7919) % 100_003) ** 1.5 / 100 - 5000,
    );
    for (const value of values) quantiles.add(value);
    expect(quantiles.exact).toBe(false);
    const sorted = values.toSorted((a, b) => a - b);
    const found = quantiles.distribution();
    for (const [share, value] of [
      [0.5, found?.p50],
      [0.95, found?.p95],
      [0.99, found?.p99],
    ] as const) {
      const exact = sorted[Math.ceil(values.length * share) - 1] ?? NaN;
      expect(Math.abs((value ?? NaN) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.01 + 1e-9);
    }
  });
});

describe('renderSummary', () => {
  it('is a table for the record', async () => {
    const { lines, page } = day;
    const text = renderSummary(await summariseLog(lines));
    expect(text).toMatch(/^requests +22 \(21 completed, 0 aborted, 1 failed\)$/m);
    expect(text).toMatch(/^first_token_ms +21 +\d+\.?\d* +1000 +1900 +2000 +2000$/m);
    expect(text).toMatch(/^overloaded +true +1$/m);
    expect(text).toMatch(/^first_token_ms p95 +≤ 1000 +1900 +OVER$/m);
    expect(text).toMatch(/^event_delay_ms p95 +≤ 300 +- +not measured$/m);
    expect(renderSummary(summarisePage(page))).toMatch(/^streams +0 open, 0 closed, 0 broken$/m);
  });
});
