import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { readSSE } from '../../../src/sse/read-sse.ts';
import { toSSEResponse } from '../../../src/sse/to-sse-response.ts';
import { FakeClock, providerError, scriptedProvider } from '../../../src/testing/index.ts';
import { cut } from '../../servers/respond.ts';
import { eventsOf } from './support.ts';
import { bytesOf, respond, run } from './wire-run.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;

async function watch(source: AsyncIterable<ChainEvent>) {
  const events: ChainEvent[] = [];
  try {
    for await (const event of source) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

describe('readSSE', () => {
  it('gives what a direct reader gets', async () => {
    const clock = new FakeClock();
    const chain = new Chain({ provider: scriptedProvider([{ text: ['三十', '一日'] }]), clock });
    const direct = await eventsOf(chain.stream({ messages, req_id: 'r' }));
    const remote = await eventsOf(readSSE(toSSEResponse(chain.stream({ messages, req_id: 'r' }))));
    const timeless = (events: readonly ChainEvent[]) => events.map((event) => ({ ...event, time: 0 }));
    expect(timeless(remote)).toEqual(timeless(direct));
  });

  it('reads the same whatever the cuts, line ends and pings', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (offsets, lineEnd) => {
          const pieces = cut(bytesOf(run, 0, lineEnd), offsets) as Uint8Array<ArrayBuffer>[];
          expect(await eventsOf(readSSE(respond(pieces)))).toEqual(run);
        },
      ),
      { numRuns: 100 },
    );
    const single = [...bytesOf()].map((byte) => Uint8Array.of(byte));
    expect(await eventsOf(readSSE(respond(single)))).toEqual(run);
  });

  it('says so wherever the stream is cut before done is whole, after exactly the events that were whole', async () => {
    const bytes = bytesOf();
    for (let end = 0; end < bytes.length; end++) {
      const { events, error } = await watch(readSSE(respond([bytes.subarray(0, end)])));
      expect(error).toMatchObject({ code: 'truncated', retryable: true });
      expect(events).toEqual(run.slice(0, events.length));
      expect(events.length).toBeLessThan(run.length);
    }
  });

  it('throws what the run failed with, after its events', async () => {
    const provider = scriptedProvider([{ text: 'half', error: providerError('server') }], {
      retry: { maxRetries: 0 },
    });
    const response = toSSEResponse(new Chain({ provider }).stream({ messages, req_id: 'r' }));
    const { events, error } = await watch(readSSE(response));
    expect(events.at(-1)).toMatchObject({ type: 'metrics', scope: 'run' });
    expect(error).toMatchObject({ code: 'server', message: 'scripted server', retryable: true });
  });

  it.each<[string, string, RegExp]>([
    [
      'a gap',
      'id: 1\ndata: {"type":"x","req_id":"r"}\n\nid: 3\ndata: {"type":"x","req_id":"r"}\n\n',
      /missing/,
    ],
    ['no number', 'data: {"type":"x","req_id":"r"}\n\n', /without a number/],
    ['a word for a number', 'id: one\ndata: {"type":"x","req_id":"r"}\n\n', /without a number/],
    [
      "another run's event",
      'id: 1\ndata: {"type":"x","req_id":"r"}\n\nid: 2\ndata: {"type":"x","req_id":"q"}\n\n',
      /another run/,
    ],
    ['no JSON', 'id: 1\ndata: {\n\n', /no event/],
    ['no object', 'id: 1\ndata: [1]\n\n', /no event/],
    ['no type', 'id: 1\ndata: {"req_id":"r"}\n\n', /no event/],
  ])('refuses %s', async (_what, text, message) => {
    const { error } = await watch(readSSE(respond([new TextEncoder().encode(text)])));
    expect(error).toMatchObject({ code: 'malformed', message: expect.stringMatching(message) as string });
  });

  it('drops what it has seen, and wants what it has not', async () => {
    const behind = await watch(readSSE(respond([bytesOf(run, 2)]), { after: 5 }));
    expect(behind).toEqual({ events: run.slice(5), error: undefined });
    const ahead = await watch(readSSE(respond([bytesOf(run, 6)]), { after: 5 }));
    expect(ahead.error).toMatchObject({ code: 'malformed' });
    expect(await eventsOf(readSSE(respond([bytesOf(run, 6)])))).toEqual(run.slice(6));
  });

  it.each([
    [404, { error: { code: 'not-found', message: 'No such run.', retryable: false } }, 'not-found', false],
    [410, '<html>', 'gone', false],
    [429, '', 'rate-limited', true],
    [503, { error: 'busy' }, 'overloaded', true],
    [500, '', 'server', true],
    [302, '', 'bad-request', false],
  ])('makes an error of an answer of %i', async (status, body, code, retryable) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { error } = await watch(readSSE(new Response(text, { status, headers: { 'retry-after': '7' } })));
    expect(error).toMatchObject({ code, retryable, status, retryAfterMs: 7000 });
  });

  it('refuses an answer that is no event stream', async () => {
    for (const response of [new Response('{}'), new Response(null, { status: 204 })])
      expect((await watch(readSSE(response))).error).toMatchObject({ code: 'malformed' });
  });

  it('cancels the body when it is left, aborted or done, also while a read is under way', async () => {
    const cancelled: string[] = [];
    const open = (name: string, bytes = bytesOf().subarray(0, 200)) =>
      respond([bytes], { ending: 'hang', cancelled: () => cancelled.push(name) });
    for await (const event of readSSE(open('break'))) {
      expect(event).toEqual(run[0]);
      break;
    }
    const left = readSSE(open('return'));
    await left.next();
    const pending = left.next();
    await left.return?.();
    expect(await pending).toEqual({ value: undefined, done: true });
    const controller = new AbortController();
    const aborted = readSSE(open('signal'), { signal: controller.signal });
    await aborted.next();
    const waiting = aborted.next();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    expect(await aborted.next()).toEqual({ value: undefined, done: true });
    expect(await eventsOf(readSSE(open('done', bytesOf())))).toEqual(run);
    await expect.poll(() => cancelled).toEqual(['break', 'return', 'signal', 'done']);
    const never = readSSE(open('unread'));
    await never.return?.();
  });

  it('gives up a connection on which not even pings come', async () => {
    const clock = new FakeClock();
    const watching = watch(readSSE(respond([bytesOf().subarray(0, 200)], { ending: 'hang' }), { clock }));
    await clock.advance(59_000);
    expect(clock.pending).toBe(1);
    await clock.advance(2000);
    expect((await watching).error).toMatchObject({ code: 'timeout', retryable: true });
    expect(clock.pending).toBe(0);
  });
});
