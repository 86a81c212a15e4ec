import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { connect } from '../../../src/sse/connect.ts';
import { memoryEventLog } from '../../../src/sse/memory-event-log.ts';
import { RunHost } from '../../../src/sse/run-host.ts';
import { toSSEResponse } from '../../../src/sse/to-sse-response.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';
import { eventsOf, readHosted } from './support.ts';
import { hastyClock } from './wire-run.ts';

/** A body that breaks after so many bytes. */
function cutAfter(body: ReadableStream<Uint8Array> | null, bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left < 0) controller.error(new TypeError('terminated'));
    },
  });
  return (body ?? new ReadableStream()).pipeThrough(cut);
}

describe('a thousand runs at once', () => {
  it('reach their readers whole over connections that break, and leave nothing behind', async () => {
    const provider = scriptedProvider([{ text: ['月', '末', 'は', '31', '日', 'です'] }]);
    const chain = new Chain({ provider });
    const log = memoryEventLog({ maxRuns: 1000 });
    const host = new RunHost({ log });
    const { signal } = new AbortController();
    const open = async (req_id: string, after: number, bytes: number): Promise<Response> => {
      const response = toSSEResponse(await host.events(req_id, { after }), {
        headers: { 'content-location': `/runs/${req_id}/events` },
      });
      return new Response(cutAfter(response.body, bytes), { headers: response.headers });
    };
    const read = async (number: number): Promise<readonly ChainEvent[]> => {
      const run = chain.stream({ messages: [{ role: 'user', content: '月末は' }], req_id: `run-${number}` });
      let connections = 0;
      const fetch = async (_url: string, init: RequestInit) => {
        if (init.method === 'POST') await host.start(run);
        const after = Number(new Headers(init.headers).get('last-event-id') ?? 0);
        connections++;
        return open(run.req_id, after, connections < 4 ? 300 + ((number * 37) % 900) : Infinity);
      };
      return eventsOf(connect('http://katamari.test/runs', { body: {}, fetch, clock: hastyClock(), signal }));
    };
    const all = await Promise.all(Array.from({ length: 1000 }, (_, number) => read(number)));
    for (const [number, events] of all.entries()) {
      const hosted = await readHosted(host, `run-${number}`);
      expect(events).toEqual(hosted.events);
      expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
    }
    expect(host.running).toBe(0);
    expect(provider.open).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('do not wait for readers that do not read', async () => {
    const chain = new Chain({ provider: scriptedProvider([{ text: ['a', 'b', 'c'] }]) });
    const host = new RunHost();
    const readers = [];
    for (let number = 0; number < 100; number++) {
      const run = chain.stream({ messages: [{ role: 'user', content: 'Hi' }], req_id: `run-${number}` });
      await host.start(run);
      const reader = toSSEResponse(await host.events(run.req_id)).body?.getReader();
      await reader?.read();
      readers.push(reader);
    }
    await expect.poll(() => host.running).toBe(0);
    for (const reader of readers) await reader?.cancel();
  });
});
