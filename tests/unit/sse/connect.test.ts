import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChainEvent } from '../../../src/event.ts';
import type { FetchFunction } from '../../../src/http/post-stream.ts';
import { connect } from '../../../src/sse/connect.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { cut } from '../../servers/respond.ts';
import { eventsOf } from './support.ts';
import { bytesOf, hastyClock, respond, run, type Ending } from './wire-run.ts';

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly last: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A server in memory: answers the n-th request with the n-th answer, the last one from then on. */
function serve(...answers: ((asked: Asked) => Response | Promise<Response>)[]) {
  const asked: Asked[] = [];
  const fetch: FetchFunction = async (url, init) => {
    const headers = new Headers(init.headers);
    const request = {
      url,
      method: init.method ?? 'GET',
      last: Number(headers.get('last-event-id') ?? 0),
      headers,
      body: init.body,
    };
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(request);
    if (answer === undefined) throw new Error('no answer');
    return answer(request);
  };
  return { fetch, asked };
}

const located = { 'content-location': '/v1/runs/run-1/events' };
const whole = ({ last }: Asked) => respond([bytesOf(run, last)]);
const cutAt =
  (end: number, ending: Ending = 'close', headers: Record<string, string> = located) =>
  ({ last }: Asked) =>
    respond([bytesOf(run, last).subarray(0, end)], { ending, headers });
const refuse =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response('', { status, headers });
const unreachable = () => Promise.reject(new TypeError('fetch failed'));

async function watch(source: AsyncIterable<ChainEvent>) {
  const events: ChainEvent[] = [];
  try {
    for await (const event of source) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

const url = 'http://katamari.test/v1/runs';
const start = { body: { messages: [] }, random: () => 0 };

describe('connect', () => {
  it('sends nothing before the first pull, then a POST; goes on at Content-Location with Last-Event-ID', async () => {
    const { fetch, asked } = serve(cutAt(500), whole);
    const clock = hastyClock();
    const events = connect(url, { ...start, headers: { authorization: 'Bearer k' }, fetch, clock });
    expect(asked).toHaveLength(0);
    expect(await eventsOf(events)).toEqual(run);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST http://katamari.test/v1/runs',
      'GET http://katamari.test/v1/runs/run-1/events',
    ]);
    expect(asked.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer k', 'Bearer k']);
    expect(asked[0]?.headers.get('content-type')).toBe('application/json');
    expect(asked[1]?.headers.get('content-type')).toBeNull();
    expect(asked[1]?.last).toBeGreaterThan(0);
    expect(asked[1]?.body).toBeUndefined();
    expect(clock.waits).toEqual([1000]);
  });

  it('yields exactly the events for every place at which the stream is cut', async () => {
    const { length } = bytesOf();
    for (let end = 0; end <= length; end++) {
      const { fetch, asked } = serve(cutAt(end, end % 2 === 0 ? 'close' : 'error'), whole);
      expect(await eventsOf(connect(url, { ...start, fetch, clock: hastyClock() }))).toEqual(run);
      expect(asked.length).toBe(end === length ? 1 : 2);
    }
  });

  it('yields exactly the events however often it breaks and however much is sent twice', async () => {
    const connection = fc.record({
      // Short enough that not every connection brings an event.
      end: fc.nat(700),
      again: fc.nat(3),
      cuts: fc.array(fc.nat(), { maxLength: 5 }),
      ending: fc.constantFrom<Ending>('close', 'error'),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { maxLength: 8 }), async (connections) => {
        const broken = connections.map(({ end, again, cuts, ending, lineEnd }) => ({ last }: Asked) => {
          const bytes = bytesOf(run, Math.max(0, last - again), lineEnd).subarray(0, end);
          return respond(cut(bytes, cuts) as Uint8Array<ArrayBuffer>[], { ending, headers: located });
        });
        const { fetch } = serve(...broken, whole);
        const { events, error } = await watch(
          connect(url, { ...start, fetch, clock: hastyClock(), maxReconnects: 9 }),
        );
        expect(error).toBeUndefined();
        expect(events).toEqual(run);
      }),
      { numRuns: 100 },
    );
  });

  it('waits 1, 2 and 4 s in a row, then gives up with what happened last', async () => {
    const { fetch, asked } = serve(cutAt(500), unreachable, refuse(502), unreachable);
    const clock = hastyClock();
    const told: [number, number][] = [];
    const onReconnect = (delayMs: number, failures: number) => told.push([delayMs, failures]);
    const { events, error } = await watch(connect(url, { ...start, fetch, clock, onReconnect }));
    expect(events.length).toBeGreaterThan(0);
    expect(clock.waits).toEqual([1000, 2000, 4000]);
    expect(told).toEqual([
      [1000, 1],
      [2000, 2],
      [4000, 3],
    ]);
    expect(asked).toHaveLength(4);
    expect(error).toMatchObject({ code: 'connection', retryable: true });
  });

  it('counts anew after a new event, and not after old ones', async () => {
    const clock = hastyClock();
    const { fetch } = serve(
      cutAt(500),
      unreachable,
      unreachable,
      cutAt(400),
      unreachable,
      unreachable,
      whole,
    );
    expect(await eventsOf(connect(url, { ...start, fetch, clock }))).toEqual(run);
    expect(clock.waits).toEqual([1000, 2000, 4000, 1000, 2000, 4000]);
    const old = serve(cutAt(500), () => respond([bytesOf().subarray(0, 300)]));
    const stuck = await watch(connect(url, { ...start, fetch: old.fetch, clock: hastyClock() }));
    expect(stuck.error).toMatchObject({ code: 'truncated' });
    expect(old.asked).toHaveLength(4);
  });

  it('adds up to a quarter at random', async () => {
    const clock = hastyClock();
    const { fetch } = serve(cutAt(500), unreachable, unreachable, whole);
    await eventsOf(connect(url, { ...start, fetch, clock, random: () => 0.8 }));
    expect(clock.waits).toEqual([1200, 2400, 4800]);
  });

  it("never comes back sooner than the server's retry and Retry-After, and not at all after more than a minute", async () => {
    const slow = ({ last }: Asked) =>
      respond([new TextEncoder().encode('retry: 3000\n\n'), bytesOf(run, last).subarray(20, 500)], {
        headers: located,
      });
    const clock = hastyClock();
    const { fetch } = serve(slow, refuse(503, { 'retry-after': '9' }), unreachable, whole);
    expect(await eventsOf(connect(url, { ...start, fetch, clock }))).toEqual(run);
    expect(clock.waits).toEqual([3000, 9000, 4000]);
    const long = serve(cutAt(500), refuse(503, { 'retry-after': '61' }));
    const { error } = await watch(connect(url, { ...start, fetch: long.fetch, clock: hastyClock() }));
    expect(error).toMatchObject({ code: 'overloaded', retryAfterMs: 61_000 });
    expect(long.asked).toHaveLength(2);
  });

  it.each([400, 401, 404, 410, 429])('takes an answer of %i as final', async (status) => {
    const { fetch, asked } = serve(cutAt(500), refuse(status));
    const { error } = await watch(connect(url, { ...start, fetch, clock: hastyClock() }));
    expect(error).toMatchObject({ status });
    expect(asked).toHaveLength(2);
  });

  it('sends a POST once, whatever becomes of it', async () => {
    for (const answer of [unreachable, refuse(500), refuse(503), cutAt(500, 'error', {})]) {
      const { fetch, asked } = serve(answer, whole);
      const { error } = await watch(connect(url, { ...start, fetch, clock: hastyClock() }));
      expect(error).toBeInstanceOf(Error);
      expect(asked).toHaveLength(1);
    }
  });

  it('reads a run that is there already, and tries from the start', async () => {
    const { fetch, asked } = serve(unreachable, refuse(503), whole);
    const events = connect(new URL(`${url}/run-1/events`), { after: 4, fetch, clock: hastyClock() });
    expect(await eventsOf(events)).toEqual(run.slice(4));
    expect(asked.map(({ method, last }) => `${method} ${last}`)).toEqual(['GET 4', 'GET 4', 'GET 4']);
  });

  it.each([
    ['https://evil.test/events', 'http://katamari.test/v1/runs'],
    ['//evil.test/events', 'http://katamari.test/v1/runs'],
    ['//evil.test/events', '/v1/runs'],
    ['/\\evil.test', '/v1/runs'],
    ['http://', 'http://katamari.test/v1/runs'],
  ])('takes no key to another server: %s from %s', async (location, address) => {
    const { fetch, asked } = serve(cutAt(500, 'close', { 'content-location': location }), whole);
    const { error } = await watch(connect(address, { ...start, fetch, clock: hastyClock() }));
    expect(error).toMatchObject({ code: 'truncated' });
    expect(asked).toHaveLength(1);
  });

  it('keeps an address without an origin, as a browser takes it', async () => {
    const { fetch, asked } = serve(cutAt(500), whole);
    expect(await eventsOf(connect('/v1/runs', { ...start, fetch, clock: hastyClock() }))).toEqual(run);
    expect(asked[1]?.url).toBe('/v1/runs/run-1/events');
  });

  it('ends at once by its signal or by leaving, in a request, a read and a wait; nothing is left', async () => {
    const hanging = () => new Promise<Response>(() => undefined);
    const reading = cutAt(500, 'hang');
    for (const answers of [[hanging], [reading], [cutAt(500), hanging], [cutAt(500)]]) {
      for (const how of ['signal', 'return'] as const) {
        const clock = new FakeClock();
        const controller = new AbortController();
        const { fetch } = serve(...answers);
        const events = connect(url, { ...start, fetch, clock, signal: controller.signal });
        const watching = watch(events);
        await clock.advance(answers.length === 2 ? 1500 : 10);
        if (how === 'signal') controller.abort();
        else await events.return?.();
        const { error } = await watching;
        if (how === 'signal') expect(error).toMatchObject({ code: 'aborted' });
        else expect(error).toBeUndefined();
        expect(clock.pending).toBe(0);
      }
    }
  });

  it('does not begin with a signal that is aborted already', async () => {
    const { fetch, asked } = serve(whole);
    const { error } = await watch(connect(url, { ...start, fetch, signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'aborted' });
    expect(asked).toHaveLength(0);
  });

  it('comes back when a connection falls silent, and gives up a server that never answers', async () => {
    const clock = new FakeClock();
    const { fetch, asked } = serve(cutAt(500, 'hang'), whole);
    const reading = eventsOf(connect(url, { ...start, fetch, clock, idleMs: 5000 }));
    await clock.advance(6500);
    expect(await reading).toEqual(run);
    expect(asked).toHaveLength(2);
    const deaf = serve(() => new Promise<Response>(() => undefined));
    const watching = watch(connect(url, { ...start, fetch: deaf.fetch, clock, idleMs: 5000 }));
    await clock.advance(5000);
    expect((await watching).error).toMatchObject({ code: 'timeout' });
    expect(clock.pending).toBe(0);
  });

  it('refuses what cannot be used, without quoting it', () => {
    expect(() => connect(url, { after: -1 })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
    expect(() => connect(url, { headers: { authorization: 'Bearer a\nb' } })).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.not.stringContaining('Bearer') as string,
      }) as Error,
    );
  });

  it('shows no key that a server sends back', async () => {
    const { fetch } = serve(
      () =>
        new Response(JSON.stringify({ error: { code: 'authentication', message: 'bad key topsecret-1' } }), {
          status: 401,
        }),
    );
    const { error } = await watch(
      connect(url, { fetch, headers: { authorization: 'Bearer topsecret-1' }, clock: hastyClock() }),
    );
    expect(error).toMatchObject({ code: 'authentication' });
    expect(String(error)).not.toContain('topsecret-1');
  });
});
