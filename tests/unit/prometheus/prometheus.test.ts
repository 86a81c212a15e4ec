import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { prometheus, type PrometheusObserver } from '../../../src/prometheus/index.ts';
import { FakeClock, providerError, scriptedProvider, type Script } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';

const messages = [{ role: 'user', content: 'How long is the freeze?' }] as const;
const usage = { token_in: 100, token_out: 20, token_cache_read: 40 };

/** The page's samples: name and labels to value. */
async function samples(observer: PrometheusObserver): Promise<Map<string, number>> {
  const lines = (await observer.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.slice(line.lastIndexOf(' ')))]));
}

function chainOf(observer: PrometheusObserver, ...scripts: (Script | string)[]): Chain {
  const provider = scriptedProvider(scripts, { retry: { baseDelayMs: 0 } });
  return new Chain({ provider, name: 'support', observers: [observer], price: () => 0.25 });
}

describe('prometheus', () => {
  it('counts requests, tokens and cost, and measures latencies in seconds', async () => {
    const observer = prometheus();
    const clock = new FakeClock();
    const provider = scriptedProvider([{ text: ['a', 'b'], delayMs: 400, usage }]);
    const chain = new Chain({ provider, name: 'support', observers: [observer], price: () => 0.25, clock });
    const result = chain.stream({ messages }).result();
    await clock.advance(1000);
    await result;
    const seen = await samples(observer);
    const model = '{provider="scripted",model="scripted-1"}';
    expect(
      seen.get(
        'katamari_requests_total{chain="support",provider="scripted",model="scripted-1",status="completed"}',
      ),
    ).toBe(1);
    expect(seen.get(`katamari_token_in_total${model}`)).toBe(100);
    expect(seen.get(`katamari_token_out_total${model}`)).toBe(20);
    expect(seen.get(`katamari_token_cache_read_total${model}`)).toBe(40);
    expect(seen.get(`katamari_cost_usd_total${model}`)).toBe(0.25);
    const first = 'chain="support",provider="scripted",model="scripted-1"}';
    expect(seen.get(`katamari_first_token_seconds_sum{${first}`)).toBe(0.4);
    expect(seen.get(`katamari_first_token_seconds_bucket{le="0.25",${first}`)).toBe(0);
    expect(seen.get(`katamari_first_token_seconds_bucket{le="0.5",${first}`)).toBe(1);
    expect(seen.get('katamari_step_latency_seconds_sum{step="answer"}')).toBe(0.8);
    expect(seen.get('katamari_runs_in_flight')).toBe(0);
  });

  it('counts errors by code and retryable, attempts and retries', async () => {
    const observer = prometheus();
    const overloaded = { error: providerError('overloaded') };
    await chainOf(observer, overloaded, 'fine').stream({ messages }).result();
    await expect(chainOf(observer, overloaded).stream({ messages }).result()).rejects.toThrow('overloaded');
    const refused = { error: providerError('authentication', { retryable: false }) };
    await expect(chainOf(observer, refused).stream({ messages }).result()).rejects.toThrow('authentication');
    const seen = await samples(observer);
    expect(seen.get('katamari_errors_total{chain="support",code="overloaded",retryable="true"}')).toBe(1);
    expect(seen.get('katamari_errors_total{chain="support",code="authentication",retryable="false"}')).toBe(
      1,
    );
    expect(seen.get('katamari_retries_total{provider="scripted",code="overloaded"}')).toBe(4);
    expect(
      seen.get('katamari_attempt_errors_total{provider="scripted",code="overloaded",retryable="true"}'),
    ).toBe(5);
    const attempts = 'katamari_attempts_total{provider="scripted",model="scripted-1",phase="answer"';
    expect(seen.get(`${attempts},outcome="completed"}`)).toBe(1);
    expect(seen.get(`${attempts},outcome="failed"}`)).toBe(6);
  });

  it('knows how many runs are in flight, whatever becomes of them', async () => {
    const observer = prometheus();
    const chain = chainOf(observer, { text: 'a', hang: true });
    const runs = [chain.stream({ messages, req_id: 'same' }), chain.stream({ messages, req_id: 'same' })];
    const readers = runs.map((run) => run[Symbol.asyncIterator]());
    // run-start, attempt-start, token.
    for (const reader of readers) for (let read = 0; read < 3; read++) await reader.next();
    expect((await samples(observer)).get('katamari_runs_in_flight')).toBe(2);
    await readers[0]?.return?.();
    expect((await samples(observer)).get('katamari_runs_in_flight')).toBe(1);
    runs[1]?.abort();
    while ((await readers[1]?.next())?.done === false);
    // Input that is refused never was in flight.
    await expect(chain.stream({ messages: [] }).result()).rejects.toThrow('messages');
    expect((await samples(observer)).get('katamari_runs_in_flight')).toBe(0);
  });

  it('shows what trims keep; what was not measured is NaN', async () => {
    const observer = prometheus();
    const chain = chainOf(observer, 'ok').use(trim({ targetTokens: 300, strategy: 'recent' }));
    const long = Array.from({ length: 40 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `Message ${index} of a long talk about parcels, dates and prices.`,
    }));
    await chain.stream({ messages: [...long, ...messages] }).result();
    await chain.stream({ messages }).result();
    const seen = await samples(observer);
    expect(seen.get('katamari_trims_total{strategy="recent",changed="true"}')).toBe(1);
    expect(seen.get('katamari_trims_total{strategy="recent",changed="false"}')).toBe(1);
    expect(seen.get('katamari_compress_ratio_count{strategy="recent"}')).toBe(1);
    expect(seen.get('katamari_compress_ratio_sum{strategy="recent"}')).toBeLessThan(0.8);
    expect(await observer.metrics()).toMatch(/^katamari_semantic_retention\{strategy="recent"\} NaN$/m);
    expect(seen.get('katamari_fact_retention{strategy="recent"}')).toBe(1);
  });

  it('takes what is told of streams to readers', async () => {
    const observer = prometheus();
    for (let count = 0; count < 3; count++) observer.stream.opened();
    observer.stream.closed();
    observer.stream.broken();
    observer.observeEventDelay(250);
    const seen = await samples(observer);
    expect(seen.get('katamari_streams_open')).toBe(1);
    expect(seen.get('katamari_streams_opened_total')).toBe(3);
    expect(seen.get('katamari_streams_ended_total{outcome="closed"}')).toBe(1);
    expect(seen.get('katamari_streams_ended_total{outcome="broken"}')).toBe(1);
    expect(seen.get('katamari_event_delay_seconds_bucket{le="0.3"}')).toBe(1);
    expect(seen.get('katamari_event_delay_seconds_bucket{le="0.2"}')).toBe(0);
  });

  it('keeps the number of series bounded, whatever models are asked for', async () => {
    const observer = prometheus({ models: ['known-model'], maxNames: 3 });
    const chain = chainOf(observer, 'ok');
    const asked = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 5, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(asked, async (models) => {
        for (const model of [...models, 'known-model']) await chain.stream({ messages, model }).result();
        const names = new Set(
          [...(await samples(observer)).keys()]
            .filter((key) => key.startsWith('katamari_token_in_total'))
            .map((key) => /model="([^"]*)"/.exec(key)?.[1]),
        );
        expect(names.size).toBeLessThanOrEqual(5);
        expect(names).toContain('known-model');
      }),
      { numRuns: 10 },
    );
  });

  it('registers in a registry of the caller’s own, once', async () => {
    const registry = new Registry();
    const observer = prometheus({ registry, prefix: 'app_' });
    expect(await registry.metrics()).toContain('# TYPE app_requests_total counter');
    expect(observer.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(() => prometheus({ registry, prefix: 'app_' })).toThrow(/prefix/);
    expect(() => prometheus({ registry, prefix: 'no blanks ' })).toThrow(/prefix/);
    expect(() => prometheus()).not.toThrow();
  });
});
