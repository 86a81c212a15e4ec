import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Run } from '../../../src/run.ts';
import { memoryEventLog } from '../../../src/sse/memory-event-log.ts';
import { RunHost, type RunHostOptions } from '../../../src/sse/run-host.ts';
import { FakeClock, providerError, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';
import { eventsOf, readHosted } from './support.ts';

const messages = [{ role: 'user', content: '月末は何日ですか' }] as const;

function setUp(scripts: readonly ScriptSource[], options: Omit<RunHostOptions, 'clock'> = {}) {
  const clock = new FakeClock();
  const provider = scriptedProvider(scripts, { retry: { maxRetries: 0 } });
  const chain = new Chain({ provider, clock });
  const host = new RunHost({ clock, ...options });
  const begin = async (req_id = 'run-1'): Promise<Run> => {
    const run = chain.stream({ messages, req_id });
    await host.start(run);
    return run;
  };
  return { clock, provider, chain, host, begin };
}

describe('a hosted run', () => {
  it('gives its reader what a direct reader gets, numbered from 1 without a gap', async () => {
    const { host, begin, chain } = setUp([{ text: ['三十', '一日', 'です'] }]);
    await begin();
    const { events, seqs, error } = await readHosted(host, 'run-1');
    expect(error).toBeUndefined();
    expect(seqs).toEqual(events.map((_event, index) => index + 1));
    const direct = await eventsOf(chain.stream({ messages, req_id: 'run-1' }));
    const timeless = (list: readonly ChainEvent[]) => list.map((event) => ({ ...event, time: 0 }));
    expect(timeless(events)).toEqual(timeless(direct));
    expect(host.running).toBe(0);
  });

  it('is read to its end whoever listens', async () => {
    const { host, begin, clock } = setUp([{ text: ['a', 'b'] }]);
    const run = await begin();
    await clock.advance(0);
    expect(run.state).toBe('ended');
    expect((await readHosted(host, 'run-1')).events.at(-1)).toMatchObject({
      type: 'done',
      finishReason: 'stop',
    });
    expect(clock.pending).toBe(0);
  });

  it('is let go of when it has ended: only its events are kept', async () => {
    const { host, begin, clock } = setUp([{ text: ['a', 'b'] }]);
    const run = new WeakRef(await begin());
    await clock.advance(0);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let tries = 0; tries < 20 && run.deref() !== undefined; tries++) {
      // A WeakRef holds what it points to until the task in which it was looked at is over.
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(run.deref()).toBeUndefined();
    expect((await readHosted(host, 'run-1')).events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('has as many readers as come, each from where it likes', async () => {
    const { host, begin, clock } = setUp([{ text: ['a', 'b', 'c'], delayMs: 10 }]);
    await begin();
    await clock.advance(15);
    const reading = [0, 1, 3].map((after) => readHosted(host, 'run-1', { after }));
    await clock.advance(100);
    const [all, fromTwo, fromFour] = await Promise.all(reading);
    expect(all?.events.length).toBeGreaterThan(5);
    expect(fromTwo?.events).toEqual(all?.events.slice(1));
    expect(fromFour?.events).toEqual(all?.events.slice(3));
    expect(fromFour?.seqs[0]).toBe(4);
  });

  it('throws to each reader what it failed with, as far as it may be shown', async () => {
    const { host, begin } = setUp([{ text: 'half', error: providerError('server', { retryable: true }) }]);
    await begin();
    for (const after of [0, 2]) {
      const { error } = await readHosted(host, 'run-1', { after });
      expect(error).toMatchObject({ code: 'server', retryable: true });
      expect(error).not.toHaveProperty('cause');
    }
  });

  it("says nothing of a program's own error but that there was one", async () => {
    const { host, chain } = setUp(['x']);
    const step = {
      name: 'mine',
      stage: 'plan',
      wrap: () => () => {
        throw new TypeError('the database password is hunter2');
      },
    } as const;
    await host.start(chain.use(step).stream({ messages, req_id: 'run-1' }));
    const { error } = await readHosted(host, 'run-1');
    expect(error).toMatchObject({ code: 'unknown', retryable: false });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });

  it('refuses an unknown id, an id that is taken, a run that is read already, and numbers that are none', async () => {
    const { host, begin, chain } = setUp(['ok']);
    await begin();
    await expect(host.events('other')).rejects.toMatchObject({ code: 'not-found' });
    await expect(begin()).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(host.events('run-1', { after: 999 })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(host.events('run-1', { after: -1 })).rejects.toMatchObject({ code: 'invalid-input' });
    const read = chain.stream({ messages, req_id: 'run-2' });
    read.tokens();
    await expect(host.start(read)).rejects.toMatchObject({ code: 'run-consumed' });
    await expect(host.events('run-2')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('answers who waits for the result of a run that could not be started', async () => {
    const { host, begin, chain } = setUp(['ok']);
    await begin();
    const run = chain.stream({ messages, req_id: 'run-1' });
    await expect(host.start(run)).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(run.result()).resolves.toMatchObject({ finishReason: 'aborted' });
  });
});

describe('leaving and stopping', () => {
  it('are two things: a run goes on when its reader leaves, for the grace time', async () => {
    const { host, begin, clock, provider } = setUp([{ text: ['a', 'b', 'c', 'd'], delayMs: 1000 }], {
      graceMs: 1500,
    });
    await begin();
    const reader = await host.events('run-1');
    await reader.next();
    await reader.return?.();
    await clock.advance(1400);
    expect(provider.open).toBe(1);
    const again = readHosted(host, 'run-1', { after: 1 });
    await clock.advance(5000);
    expect((await again).events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
    expect(clock.pending).toBe(0);
  });

  it('aborts a run that nobody comes back to, and one that nobody ever read', async () => {
    const { host, begin, clock, provider } = setUp([{ text: 'a', hang: true }], { graceMs: 500 });
    await begin('never-read');
    await begin('left');
    const reader = await host.events('left');
    await clock.advance(400);
    await reader.return?.();
    await clock.advance(200);
    expect(host.running).toBe(1);
    await clock.advance(400);
    expect(host.running).toBe(0);
    expect(provider.open).toBe(0);
    const { events } = await readHosted(host, 'left');
    expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'aborted' });
    expect(clock.pending).toBe(0);
  });

  it('ends a read that waits, by return() and by signal', async () => {
    const { host, begin, clock } = setUp([{ hang: true }]);
    await begin();
    await clock.advance(0);
    const controller = new AbortController();
    const left = await host.events('run-1', { after: 2 });
    const aborted = await host.events('run-1', { after: 2, signal: controller.signal });
    const pending = Promise.all([left.next(), aborted.next()]);
    await left.return?.();
    controller.abort();
    expect(await pending).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
    await host.stop('run-1');
    await clock.advance(2000);
    expect(clock.pending).toBe(0);
  });

  it('stops a run at once, with its closing events; a second time there is nothing to stop', async () => {
    const { host, begin, clock, provider } = setUp([{ text: 'a', hang: true }]);
    await begin();
    const reading = readHosted(host, 'run-1');
    await clock.advance(0);
    expect(await host.stop('run-1')).toBe(true);
    await clock.advance(0);
    const { events } = await reading;
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['metrics', 'done']);
    expect(events.at(-1)).toMatchObject({ finishReason: 'aborted' });
    expect(provider.open).toBe(0);
    expect(await host.stop('run-1')).toBe(false);
    expect(await host.stop('unknown')).toBe(false);
  });

  it('stops a run that another host of the same log executes', async () => {
    const log = memoryEventLog();
    const one = setUp([{ text: 'a', hang: true }], { log });
    const other = new RunHost({ log });
    await one.begin();
    await one.clock.advance(0);
    expect(await other.stop('run-1')).toBe(true);
    await one.clock.advance(0);
    expect((await readHosted(other, 'run-1')).events.at(-1)).toMatchObject({ finishReason: 'aborted' });
  });

  it('counts readers on another host before it gives a run up', async () => {
    const log = memoryEventLog();
    const one = setUp([{ text: ['a', 'b', 'c'], delayMs: 100 }], { log, graceMs: 50 });
    await one.begin();
    const reading = readHosted(new RunHost({ log }), 'run-1');
    await one.clock.advance(1000);
    expect((await reading).events.at(-1)).toMatchObject({ finishReason: 'stop' });
  });
});

describe('draining', () => {
  it('takes no more runs, lets the short ones end and stops the others', async () => {
    const { host, begin, clock } = setUp([
      { text: 'a', delayMs: 100 },
      { text: 'b', hang: true },
      { text: 'c' },
    ]);
    await begin('short');
    await begin('long');
    const reading = [readHosted(host, 'short'), readHosted(host, 'long')];
    const drained = host.drain(1000);
    expect(host.draining).toBe(true);
    await expect(begin('late')).rejects.toMatchObject({ code: 'overloaded', retryable: true });
    await clock.advance(1000);
    expect(await drained).toBe(1);
    const [short, long] = await Promise.all(reading);
    expect(short?.events.at(-1)).toMatchObject({ finishReason: 'stop' });
    expect(long?.events.at(-1)).toMatchObject({ finishReason: 'aborted' });
    expect(host.running).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('is over at once where nothing runs', async () => {
    const { host, clock } = setUp(['ok']);
    expect(await host.drain(1000)).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('a log that fails', () => {
  it('stops the run, and the operator is told', async () => {
    const memory = memoryEventLog();
    const told: unknown[] = [];
    const log = {
      ...memory,
      read: memory.read.bind(memory),
      requestStop: memory.requestStop.bind(memory),
      open: async (req_id: string) => ({
        ...(await memory.open(req_id)),
        append: () => Promise.reject(new Error('disk full at redis://user:secret@host')),
      }),
    };
    const { host, begin, clock, provider } = setUp([{ text: ['a', 'b'], delayMs: 10 }], {
      log,
      onLogError: (error, req_id) => told.push([String(error), req_id]),
    });
    await begin();
    await clock.advance(100);
    expect(told).toHaveLength(1);
    expect(provider.open).toBe(0);
    const { error } = await readHosted(host, 'run-1');
    expect(error).toMatchObject({ code: 'connection', retryable: true });
    expect(String(error)).not.toContain('secret');
    expect(host.running).toBe(0);
  });
});
