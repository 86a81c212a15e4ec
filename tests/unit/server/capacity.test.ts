import { Chain, ProviderError } from 'katamari';
import { prometheus } from 'katamari/prometheus';
import { createHandler } from 'katamari/server';
import { memoryEventLog } from 'katamari/sse';
import { FakeClock, scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { answerOf, errorOf, eventsOf, get, handlerOver, HELLO, ORIGIN, post } from './ask.ts';

const hang = { text: 'so far', hang: true };

describe('how often a client may ask', () => {
  it('is up to its bucket, and Retry-After says when', async () => {
    const clock = new FakeClock();
    const handler = handlerOver(['Hi'], {
      clock,
      auth: { keys: ['key-number-one-01', 'key-number-two-02'] },
      rateLimit: { requests: 60, burst: 2 },
    });
    const ask = async (key: string) =>
      (await handler(get('/v1/personas', { authorization: `Bearer ${key}` }))).status;
    expect([
      await ask('key-number-one-01'),
      await ask('key-number-one-01'),
      await ask('key-number-one-01'),
    ]).toEqual([200, 200, 429]);
    expect(await ask('key-number-two-02')).toBe(200);
    const refused = await handler(get('/v1/personas', { authorization: 'Bearer key-number-one-01' }));
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await errorOf(refused)).toMatchObject({ code: 'rate-limited', retryable: true });
    await clock.advance(1000);
    expect([await ask('key-number-one-01'), await ask('key-number-one-01')]).toEqual([200, 429]);
    for (let index = 0; index < 10; index++) expect((await handler(get('/healthz'))).status).toBe(200);
  });
});

describe('how many runs there may be', () => {
  it('is bounded; others wait in order, and those who come too late are told to come back', async () => {
    const clock = new FakeClock();
    const handler = handlerOver([hang], { clock, runs: { maxRuns: 2, maxQueued: 2, queueTimeoutMs: 5000 } });
    const ask = (id: string) => handler(post('/v1/runs', HELLO, { 'x-request-id': id }));
    const answers = ['a', 'b', 'c', 'd', 'e'].map(ask);
    const full = await answers[4];
    expect([full?.status, full?.headers.get('retry-after')]).toEqual([429, '3']);
    const { body } = await answerOf(await handler(get('/healthz')));
    expect(body).toMatchObject({ running: 2, queued: 2 });
    await handler(new Request(`${ORIGIN}/v1/runs/a`, { method: 'DELETE' }));
    expect(await answerOf((await answers[0]) ?? Response.error())).toMatchObject({
      body: { finishReason: 'aborted' },
    });
    await expect
      .poll(async () => (await answerOf(await handler(get('/healthz')))).body)
      .toMatchObject({ running: 2, queued: 1 });
    await clock.advance(5000);
    expect(await errorOf((await answers[3]) ?? Response.error())).toMatchObject({
      status: 429,
      code: 'overloaded',
      retryable: true,
    });
    await Promise.all([stop(handler, 'b'), stop(handler, 'c')]);
    await Promise.all(answers);
    expect([handler.running, clock.pending]).toEqual([0, 0]);
  });

  it('counts a client out of the queue that has left', async () => {
    const handler = handlerOver([hang], { runs: { maxRuns: 1 } });
    const first = handler(post('/v1/runs', HELLO, { 'x-request-id': 'a' }));
    const leaving = new AbortController();
    const second = handler(
      new Request(post('/v1/runs', HELLO, { 'x-request-id': 'b' }), { signal: leaving.signal }),
    );
    await expect.poll(async () => (await answerOf(await handler(get('/healthz')))).body['queued']).toBe(1);
    leaving.abort();
    expect((await second).status).toBe(499);
    await stop(handler, 'a');
    await first;
    expect(handler.running).toBe(0);
  });

  it('frees the place of a run that failed, was refused, or ran without its client', async () => {
    const provider = scriptedProvider([{ error: new ProviderError('server', 'No.') }]);
    const handler = createHandler({
      chains: { default: new Chain({ provider }) },
      auth: 'none',
      runs: { maxRuns: 1, maxQueued: 0 },
    });
    for (let index = 0; index < 3; index++) {
      expect((await handler(post('/v1/runs', HELLO))).status).toBe(502);
      expect(
        (await handler(post('/v1/chat/completions', { ...HELLO, model: 'katamari/default' }))).status,
      ).toBe(502);
      await (await handler(post('/v1/runs', { ...HELLO, stream: true }))).text();
      await expect.poll(() => handler.running).toBe(0);
    }
  });

  it('holds for a thousand at once, of which each is answered', async () => {
    const handler = handlerOver(['Hi'], { runs: { maxRuns: 50, maxQueued: 500 } });
    const kinds = [{}, { stream: true }];
    const answers = Array.from({ length: 1000 }, async (_, index) => {
      const response = await handler(post('/v1/runs', { ...HELLO, ...kinds[index % 2] }));
      return { status: response.status, text: await response.text() };
    });
    const all = await Promise.all(answers);
    const good = all.filter(({ status }) => status === 200);
    expect(good.length).toBeGreaterThanOrEqual(550);
    expect(good.every(({ text }) => /"text":"Hi"/.test(text))).toBe(true);
    expect(all.filter(({ status }) => status !== 200).every(({ status }) => status === 429)).toBe(true);
    await expect.poll(() => handler.running).toBe(0);
  });
});

describe('closing', () => {
  it('lets runs come to their end, sends others away, and says so', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([{ text: ['one', 'two'], delayMs: 1000 }]);
    const handler = createHandler({
      chains: { default: new Chain({ provider, clock }) },
      auth: 'none',
      clock,
      runs: { maxRuns: 1 },
    });
    const running = handler(post('/v1/runs', HELLO));
    const queued = handler(post('/v1/runs', HELLO));
    await expect.poll(async () => (await answerOf(await handler(get('/healthz')))).body['queued']).toBe(1);
    const closed = handler.close({ timeoutMs: 10_000 });
    expect(await errorOf(await queued)).toMatchObject({ status: 503, code: 'overloaded', retryable: true });
    const late = await handler(post('/v1/runs', HELLO));
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
    expect(
      (await handler(post('/v1/chat/completions', { ...HELLO, model: 'katamari/default' }))).status,
    ).toBe(503);
    const health = await answerOf(await handler(get('/healthz')));
    expect(health).toMatchObject({
      status: 503,
      body: { status: 'unavailable', reasons: [{ code: 'draining' }] },
    });
    await clock.advance(3000);
    expect(await answerOf(await running)).toMatchObject({
      status: 200,
      body: { text: 'onetwo', finishReason: 'stop' },
    });
    expect(await closed).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('stops what takes too long', async () => {
    const clock = new FakeClock();
    const handler = handlerOver([hang], { clock });
    const result = handler(post('/v1/runs', HELLO));
    const events = await handler(post('/v1/runs', { ...HELLO, stream: true }));
    await expect.poll(() => handler.running).toBe(2);
    const closed = handler.close({ timeoutMs: 1000 });
    await clock.advance(1000);
    expect(await closed).toBe(2);
    expect(await answerOf(await result)).toMatchObject({ body: { finishReason: 'aborted' } });
    expect((await eventsOf(events)).at(-1)?.data).toMatchObject({ type: 'done', finishReason: 'aborted' });
  });

  it('may be said twice, and to a server that has nothing to do', async () => {
    const handler = handlerOver(['Hi']);
    expect(await Promise.all([handler.close(), handler.close()])).toEqual([0, 0]);
  });
});

describe('health', () => {
  it('is 503 where the event log does not answer, and asks it once a second at most', async () => {
    const clock = new FakeClock();
    const log = memoryEventLog();
    let mode: 'well' | 'refuses' | 'hangs' = 'well';
    let asked = 0;
    const moody: typeof log = {
      ...log,
      open: (id) => log.open(id),
      requestStop: (id) => log.requestStop(id),
      read: (id, options) => {
        asked++;
        if (mode === 'refuses') return Promise.reject(new Error('ECONNREFUSED'));
        return mode === 'hangs' ? new Promise(() => undefined) : log.read(id, options);
      },
    };
    const handler = handlerOver(['Hi'], { clock, log: moody });
    for (let index = 0; index < 5; index++) expect((await handler(get('/healthz'))).status).toBe(200);
    expect(asked).toBe(1);
    mode = 'refuses';
    await clock.advance(1001);
    expect(await answerOf(await handler(get('/healthz')))).toMatchObject({
      status: 503,
      body: { reasons: [{ code: 'event-log-unreachable' }] },
    });
    mode = 'hangs';
    await clock.advance(1001);
    const waiting = handler(get('/healthz'));
    await clock.advance(1000);
    expect((await waiting).status).toBe(503);
    mode = 'well';
    await clock.advance(1001);
    expect((await handler(get('/healthz'))).status).toBe(200);
  });

  it('is degraded, and still 200, while a provider keeps failing', async () => {
    let script: string | { error: ProviderError } = { error: new ProviderError('connection', 'No.') };
    const provider = scriptedProvider([() => script], { name: 'acme', retry: { maxRetries: 0 } });
    const handler = createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none' });
    const health = async () => (await answerOf(await handler(get('/healthz')))).body;
    for (let index = 0; index < 3; index++) {
      expect(await health()).toMatchObject({ status: 'ok' });
      await handler(post('/v1/runs', HELLO));
    }
    const message = 'acme: the last 3 attempts failed (connection).';
    expect(await health()).toMatchObject({
      status: 'degraded',
      reasons: [{ code: 'provider-failing', message }],
    });
    script = 'Hi';
    await handler(post('/v1/runs', HELLO));
    expect(await health()).toMatchObject({ status: 'ok', reasons: [] });
    script = { error: new ProviderError('context-overflow', 'Too long.') };
    for (let index = 0; index < 4; index++) await handler(post('/v1/runs', HELLO));
    expect(await health()).toMatchObject({ status: 'ok' });
  });
});

describe('metrics', () => {
  it('are 501 with a word where there are none', async () => {
    expect(await errorOf(await handlerOver(['Hi'])(get('/metrics')))).toMatchObject({
      status: 501,
      message: expect.stringMatching(/metrics/) as string,
    });
  });

  it('count no event as late that came while its reader was away', async () => {
    const metrics = prometheus();
    const handler = handlerOver([{ text: ['one', 'two'], delayMs: 5 }], { metrics, observers: [metrics] });
    const measured = async (): Promise<string | undefined> => {
      const page = await (await handler(get('/metrics'))).text();
      return /katamari_event_delay_seconds_count (\d+)/.exec(page)?.[1];
    };
    const body = { ...HELLO, stream: true };
    await (await handler(post('/v1/runs', body, { 'x-request-id': 'away' }))).text();
    const before = await measured();
    expect(Number(before)).toBeGreaterThan(0);
    const again = await (await handler(get('/v1/runs/away/events'))).text();
    expect(again).toContain('"type":"done"');
    expect(await measured()).toBe(before);
  });

  it('are those of Prometheus, with the streams to clients', async () => {
    const metrics = prometheus();
    const handler = handlerOver(['Hi', 'Hi', hang], { metrics, observers: [metrics] });
    await handler(post('/v1/runs', HELLO));
    await (await handler(post('/v1/runs', { ...HELLO, stream: true }))).text();
    await (await handler(post('/v1/runs', { ...HELLO, stream: true }))).body?.cancel();
    const response = await handler(get('/metrics'));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const page = await response.text();
    expect(page).toMatch(
      /katamari_requests_total\{chain="chain",provider="scripted",model="scripted-1",status="completed"\} 2/,
    );
    expect(page).toMatch(/katamari_streams_opened_total 2/);
    expect(page).toMatch(/outcome="closed"\} 1/);
    expect(page).toMatch(/outcome="broken"\} 1/);
    expect(page).toMatch(/katamari_event_delay_seconds_count [1-9]/);
    await handler.close({ timeoutMs: 0 });
  });
});

async function stop(handler: (request: Request) => Promise<Response>, id: string): Promise<void> {
  await expect
    .poll(async () => (await handler(new Request(`${ORIGIN}/v1/runs/${id}`, { method: 'DELETE' }))).status)
    .toBe(200);
}
