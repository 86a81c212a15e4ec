import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ChainEvent } from '../../../src/event.ts';
import type { EventBatch, EventLogWriter } from '../../../src/sse/event-log.ts';
import { memoryEventLog, type MemoryEventLogOptions } from '../../../src/sse/memory-event-log.ts';
import { FakeClock } from '../../../src/testing/index.ts';
import { eventsOf } from './support.ts';

const labels = { req_id: 'r', call: 1, phase: 'answer', attempt: 1, answer: true } as const;
const token = (seq: number, length = 5): ChainEvent => ({
  type: 'token',
  ...labels,
  text: String(seq).padEnd(length, '.'),
});

function batchOf(seq: number, count = 1, length?: number): EventBatch {
  return { seq, events: Array.from({ length: count }, (_, index) => token(seq + index, length)) };
}

/** How many events a reader gets. */
async function countOf(reader: AsyncIterable<EventBatch>): Promise<number> {
  return (await eventsOf(reader)).reduce((sum, { events }) => sum + events.length, 0);
}

async function setUp(options: MemoryEventLogOptions = {}) {
  const clock = new FakeClock();
  const log = memoryEventLog({ clock, ...options });
  const write = async (req_id: string, count: number, length?: number): Promise<EventLogWriter> => {
    const writer = await log.open(req_id);
    for (let seq = 1; seq <= count; seq++) void writer.append(batchOf(seq, 1, length));
    return writer;
  };
  return { clock, log, write };
}

describe('a log in memory', () => {
  it('gives every reader all that is behind its number, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 }),
        async (sizes) => {
          const { log } = await setUp();
          const writer = await log.open('r');
          const all: ChainEvent[] = [];
          const reading: Promise<readonly EventBatch[]>[] = [];
          for (const size of sizes) {
            const batch = batchOf(all.length + 1, size);
            void writer.append(batch);
            all.push(...batch.events);
            // One that comes now, one from the middle.
            for (const after of [all.length, all.length >> 1])
              reading.push(log.read('r', { after }).then((reader) => eventsOf(reader)));
          }
          await writer.end(null);
          for (const [index, batches] of (await Promise.all(reading)).entries()) {
            const size = sizes.slice(0, (index >> 1) + 1).reduce((sum, each) => sum + each, 0);
            const after = index % 2 === 0 ? size : size >> 1;
            expect(batches.flatMap(({ events }) => events)).toEqual(all.slice(after));
            expect(batches[0]?.seq ?? after + 1).toBe(after + 1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('drops the oldest events of a run that is too long; a reader behind them is told', async () => {
    const { log, write } = await setUp({ maxEventsPerRun: 10 });
    const writer = await write('r', 5);
    const slow = await log.read('r');
    await slow.next();
    for (let seq = 6; seq <= 20; seq++) void writer.append(batchOf(seq));
    await expect(slow.next()).rejects.toMatchObject({ code: 'gone', retryable: false });
    expect(await slow.next()).toEqual({ value: undefined, done: true });
    await expect(log.read('r', { after: 9 })).rejects.toMatchObject({ code: 'gone' });
    await writer.end(null);
    const kept = await eventsOf(await log.read('r', { after: 10 }));
    expect(kept.map(({ seq, events }) => [seq, events.length])).toEqual([[11, 10]]);
    expect(await writer.isAttended()).toBe(false);
  });

  it('holds thousands of events in a window that moves', async () => {
    const { log, write } = await setUp({ maxEventsPerRun: 100 });
    const writer = await write('r', 50);
    const reader = await log.read('r', { after: 50 });
    for (let seq = 51; seq <= 10_000; seq++) {
      void writer.append(batchOf(seq));
      expect((await reader.next()).value).toMatchObject({ seq });
    }
    await writer.end(null);
    expect((await reader.next()).done).toBe(true);
    expect(await countOf(await log.read('r', { after: 9900 }))).toBe(100);
  });

  it('gives a reader that comes late what there is, so much at a time that others get their turn', async () => {
    const { log, write } = await setUp();
    await (await write('r', 600)).end(null);
    const batches = await eventsOf(await log.read('r', { after: 20 }));
    expect(batches.map(({ seq, events }) => [seq, events.length])).toEqual([
      [21, 256],
      [277, 256],
      [533, 68],
    ]);
  });

  it('makes room by bytes: of runs that have ended first, then of the run that grows', async () => {
    const { log, write } = await setUp({ maxBytes: 90_000 });
    await (await write('old', 40, 500)).end(null);
    const busy = await write('busy', 40, 500);
    await write('grows', 45, 500);
    await expect(log.read('old')).rejects.toMatchObject({ code: 'not-found' });
    await expect(log.read('grows')).rejects.toMatchObject({ code: 'gone' });
    await busy.end(null);
    expect(await countOf(await log.read('busy'))).toBe(40);
  });

  it('forgets a run a while after its end, and leaves no timer for it', async () => {
    const { clock, log, write } = await setUp({ keepMs: 1000 });
    await (await write('r', 3)).end(null);
    expect(clock.pending).toBe(0);
    await clock.advance(999);
    expect(await countOf(await log.read('r'))).toBe(3);
    const late = await log.read('r');
    await clock.advance(1);
    await expect(log.read('r')).rejects.toMatchObject({ code: 'not-found' });
    await expect(late.next()).rejects.toMatchObject({ code: 'gone' });
    const again = await write('r', 1);
    await again.end(null);
    expect(await countOf(await log.read('r'))).toBe(1);
  });

  it('has room for so many runs; those that have ended make way, those that run do not', async () => {
    const { log, write } = await setUp({ maxRuns: 2 });
    await (await write('a', 1)).end(null);
    await write('b', 1);
    await write('c', 1);
    await expect(log.read('a')).rejects.toMatchObject({ code: 'not-found' });
    await expect(write('d', 1)).rejects.toMatchObject({ code: 'overloaded', retryable: true });
  });

  it('tells a reader that is at the end of a run that was just forgotten that it has all', async () => {
    const { log, write } = await setUp({ maxRuns: 1 });
    const writer = await write('a', 2);
    const reader = await log.read('a', { after: 2 });
    await writer.end(null);
    await write('b', 1);
    expect(await reader.next()).toEqual({ value: undefined, done: true });
  });

  it.each(['maxRuns', 'maxEventsPerRun', 'maxBytes', 'keepMs'])('refuses a %s that is no number', (name) => {
    expect(() => memoryEventLog({ [name]: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  });
});
