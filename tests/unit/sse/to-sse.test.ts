import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { ProviderError } from '../../../src/errors.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { RunHost } from '../../../src/sse/run-host.ts';
import { toSSEResponse } from '../../../src/sse/to-sse-response.ts';
import { toSSE } from '../../../src/sse/to-sse.ts';
import { FakeClock, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';
import { createGate } from '../../support/gate.ts';
import { eventsOf } from './support.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;

function setUp(scripts: readonly ScriptSource[]) {
  const clock = new FakeClock();
  const provider = scriptedProvider(scripts, { retry: { maxRetries: 0 } });
  const chain = new Chain({ provider, clock });
  return { clock, provider, chain };
}

const decoder = new TextDecoder();

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return (await eventsOf(stream)).map((bytes) => decoder.decode(bytes)).join('');
}

/** A source that never says anything. */
function silence(): AsyncIterable<ChainEvent> {
  const never = new Promise<IteratorResult<ChainEvent>>(() => undefined);
  return { [Symbol.asyncIterator]: () => ({ next: () => never }) };
}

/** The frames of a stream, without comments and `retry`. */
function framesOf(text: string): { id: string | undefined; data: ChainEvent | { type: 'error' } }[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const lines = block.split('\n');
      const field = (name: string) => lines.find((line) => line.startsWith(name))?.slice(name.length);
      return { id: field('id: '), data: JSON.parse(field('data: ') ?? '') as ChainEvent };
    });
}

describe('toSSE', () => {
  it('begins with retry and a ping before anything has happened, and ends after done', async () => {
    const { chain, clock } = setUp([{ text: ['Hé\nllo', '世界'] }]);
    const reader = toSSE(chain.stream({ messages }), { clock }).getReader();
    expect(decoder.decode((await reader.read()).value)).toBe('retry: 1000\n: ping\n\n');
    reader.releaseLock();
    const text = await textOf(toSSE(chain.stream({ messages, req_id: 'r' }), { clock, retryMs: 250 }));
    expect(text).toMatch(/^retry: 250\n: ping\n\nid: 1\ndata: \{"type":"run-start"/);
    const frames = framesOf(text);
    expect(frames.map(({ id }) => Number(id))).toEqual(frames.map((_frame, index) => index + 1));
    expect(frames.at(-1)?.data).toEqual({ type: 'done', req_id: 'r', finishReason: 'stop' });
    expect(frames.every(({ data }) => (data as ChainEvent).req_id === 'r')).toBe(true);
  });

  it('sends the same for a run, its events one by one, and the batches of a host', async () => {
    const { chain, clock } = setUp([{ text: ['a', 'b'] }]);
    const whole = chain.stream({ messages, req_id: 'r' });
    const events = await eventsOf(chain.stream({ messages, req_id: 'r' }));
    async function* oneByOne() {
      yield* events;
    }
    const host = new RunHost({ clock });
    await host.start(chain.stream({ messages, req_id: 'r' }));
    const timeless = (text: string) => text.replaceAll(/"time":\d+/g, '"time":0');
    const direct = timeless(await textOf(toSSE(whole, { clock })));
    expect(timeless(await textOf(toSSE(oneByOne(), { clock })))).toBe(direct);
    expect(timeless(await textOf(toSSE(await host.events('r'), { clock })))).toBe(direct);
  });

  it('pulls from the provider only as the reader pulls', async () => {
    let pulled = 0;
    const { clock, provider } = setUp([
      () => ({ text: Array.from({ length: 1000 }, (_, index) => String(index)) }),
    ]);
    const counting = {
      ...provider,
      async *generate(...parameters: Parameters<typeof provider.generate>) {
        for await (const batch of provider.generate(...parameters)) {
          pulled++;
          yield batch;
        }
      },
    };
    const stream = toSSE(new Chain({ provider: counting, clock }).stream({ messages }), { clock });
    const reader = stream.getReader();
    await clock.advance(0);
    expect(provider.requests).toHaveLength(0);
    for (let reads = 0; reads < 10; reads++) await reader.read();
    await clock.advance(60_000);
    expect(pulled).toBeLessThanOrEqual(10);
    await reader.cancel();
    await clock.advance(2000);
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('pings a reader that waits, after 15 s of silence each, and loses nothing by it', async () => {
    const { clock } = setUp([]);
    const step = { type: 'step-start', req_id: 'r', step: 'slow' } as const;
    const gate = createGate();
    async function* slow(): AsyncGenerator<ChainEvent> {
      yield step;
      await gate.opened;
      yield step;
    }
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const bytes of toSSE(slow(), { clock })) chunks.push(decoder.decode(bytes));
    })();
    await clock.advance(14_000);
    expect(chunks).toHaveLength(2);
    await clock.advance(1000);
    expect(chunks.at(-1)).toBe(': ping\n\n');
    await clock.advance(31_000);
    expect(chunks).toHaveLength(5);
    gate.open();
    await reading;
    expect(framesOf(chunks.join('')).map(({ id }) => id)).toEqual(['1', '2']);
    expect(clock.pending).toBe(0);
  });

  it('queues no ping for a reader that does not read', async () => {
    const { clock } = setUp([]);
    const reader = toSSE(silence(), { clock, pingMs: 10 }).getReader();
    await reader.read();
    await clock.advance(1000);
    const pending = reader.read();
    await clock.advance(10);
    expect(decoder.decode((await pending).value)).toBe(': ping\n\n');
    // Had the pings of the silent second been queued, the next would be there at once.
    let arrived = false;
    void reader.read().then(() => {
      arrived = true;
    });
    await clock.advance(5);
    expect(arrived).toBe(false);
    await clock.advance(5);
    expect(arrived).toBe(true);
    await reader.cancel();
    expect(clock.pending).toBe(0);
  });

  it('sends a failure as code and safe message, without an id, and closes', async () => {
    const { chain, clock } = setUp([
      {
        text: 'half',
        error: new ProviderError('rate-limited', 'Slow down, sk-abcdefghijkl', { retryable: true }),
      },
    ]);
    const frames = framesOf(await textOf(toSSE(chain.stream({ messages, req_id: 'r' }), { clock })));
    const last = frames.at(-1);
    expect(last?.id).toBeUndefined();
    expect(last?.data).toMatchObject({ type: 'error', req_id: 'r', code: 'rate-limited', retryable: true });
    expect(JSON.stringify(last)).not.toContain('sk-abc');
  });

  it('lets no word of a program’s own error cross', async () => {
    const { clock } = setUp([]);
    async function* broken(): AsyncGenerator<ChainEvent> {
      yield { type: 'step-start', req_id: 'r', step: 'mine' };
      throw new Error('postgres://user:hunter2@db', { cause: 'a secret cause' });
    }
    const text = await textOf(toSSE(broken(), { clock }));
    expect(framesOf(text).at(-1)?.data).toEqual({
      type: 'error',
      req_id: 'r',
      code: 'unknown',
      message: 'The run failed by an error of the program that runs it.',
      retryable: false,
    });
    expect(text).not.toMatch(/hunter2|cause|stack/);
  });

  it('leaves at once when its signal is aborted', async () => {
    const { chain, clock, provider } = setUp([{ text: 'a', hang: true }]);
    const controller = new AbortController();
    const reading = textOf(toSSE(chain.stream({ messages }), { clock, signal: controller.signal }));
    await clock.advance(0);
    expect(provider.open).toBe(1);
    controller.abort();
    expect(framesOf(await reading).at(-1)?.data.type).toBe('token');
    await clock.advance(2000);
    expect(provider.open).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('toSSEResponse', () => {
  it('has the headers that keep caches and proxies off, and the id', async () => {
    const { chain } = setUp(['ok']);
    const response = toSSEResponse(chain.stream({ messages, req_id: 'r-7' }), {
      headers: { 'Content-Location': '/v1/runs/r-7/events', 'Cache-Control': 'public' },
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-cache, no-transform',
      'content-location': '/v1/runs/r-7/events',
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'x-request-id': 'r-7',
    });
    await response.body?.cancel();
  });
});
