import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { createClient } from '@redis/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Chain } from '../../src/chain.ts';
import type { ChainEvent } from '../../src/event.ts';
import { redisEventLog, type RedisEventLog, type RedisEventLogOptions } from '../../src/redis/index.ts';
import { connect } from '../../src/sse/connect.ts';
import { RunHost, type RunHostOptions } from '../../src/sse/run-host.ts';
import { providerError, scriptedProvider, type ScriptSource } from '../../src/testing/index.ts';
import { hasRedis, startRedis, type RedisServer, type TestClient } from '../servers/redis-server.ts';
import { readHosted } from '../unit/sse/support.ts';

const messages = [{ role: 'user', content: '数えて' }] as const;
const children: ChildProcess[] = [];
const logs: RedisEventLog[] = [];
let redis: RedisServer;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const log of logs) log.close();
  if (hasRedis) await redis.close();
});

type Options = Omit<RedisEventLogOptions, 'client'> & Omit<RunHostOptions, 'log' | 'clock'>;

/** A host of its own: its own connection, its own memory. */
async function makeHost(options: Options = {}) {
  const { graceMs, onLogError, ...limits } = options;
  const client = await redis.client();
  const log = redisEventLog({ client, heartbeatMs: 100, deadMs: 10_000, ...limits });
  logs.push(log);
  return new RunHost({ log, ...(graceMs !== undefined && { graceMs }), ...(onLogError && { onLogError }) });
}

function chainOf(...scripts: ScriptSource[]): Chain {
  return new Chain({ provider: scriptedProvider(scripts, { retry: { maxRetries: 0 } }) });
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `語${index} `);

describe.skipIf(!hasRedis)('a log in Redis (skipped where there is no redis-server)', () => {
  it('gives a reader on another host what a reader on the same host gets, while the run goes on and after', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const run = chainOf({ text: words(200), delayMs: 1 }).stream({ messages });
    await one.start(run);
    const [here, there, late] = await Promise.all([
      readHosted(one, run.req_id),
      readHosted(other, run.req_id),
      new Promise((resolve) => setTimeout(resolve, 100)).then(() =>
        readHosted(other, run.req_id, { after: 20 }),
      ),
    ]);
    expect(here.error).toBeUndefined();
    expect(here.events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
    expect(here.events.length).toBeGreaterThan(200);
    expect(there).toEqual(here);
    expect(late.events).toEqual(here.events.slice(20));
    for (const after of [0, 1, 57, here.events.length])
      expect((await readHosted(other, run.req_id, { after })).events).toEqual(here.events.slice(after));
  });

  it('takes clients of node-redis with either protocol, and clients of the shape of ioredis', async () => {
    const one = await makeHost();
    const run = chainOf({ text: words(30), delayMs: 3 }).stream({ messages });
    await one.start(run);
    const old = createClient({ url: redis.url, RESP: 2 });
    await old.connect();
    const io = ioLike(await redis.client());
    const results = await Promise.all(
      [old, io].map((client) => {
        const log = redisEventLog({ client });
        logs.push(log);
        return readHosted(new RunHost({ log }), run.req_id);
      }),
    );
    const here = await readHosted(one, run.req_id);
    for (const result of results) expect(result).toEqual(here);
    old.destroy();
    await expect.poll(() => io.isEnded()).toBe(true);
  });

  it('tells a reader elsewhere of what comes within 300 ms', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const run = chainOf({ text: words(20), delayMs: 25 }).stream({ messages });
    const seenHere: number[] = [];
    const seenThere: number[] = [];
    await one.start(run);
    const watch = async (host: RunHost, seen: number[]) => {
      for await (const { seq } of await host.events(run.req_id)) seen[seq] = performance.now();
    };
    await Promise.all([watch(one, seenHere), watch(other, seenThere)]);
    const delays = seenHere
      .flatMap((time, seq) => [(seenThere[seq] ?? Infinity) - time])
      .toSorted((a, b) => a - b);
    expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThan(300);
  });

  it('throws everywhere what the run failed with', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const run = chainOf({ text: 'half', error: providerError('quota', { retryable: false }) }).stream({
      messages,
    });
    await one.start(run);
    for (const host of [one, other, one]) {
      const { error, events } = await readHosted(host, run.req_id);
      expect(events.at(-1)).toMatchObject({ type: 'metrics', scope: 'run' });
      expect(error).toMatchObject({ code: 'quota', retryable: false });
    }
  });

  it('refuses an unknown run, an id that is taken here or elsewhere, and numbers of another run', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const chain = chainOf({ text: 'ok' });
    const { req_id } = chain.stream({ messages });
    await expect(one.events(req_id)).rejects.toMatchObject({ code: 'not-found' });
    await one.start(chain.stream({ messages, req_id }));
    await readHosted(other, req_id);
    for (const host of [one, other]) {
      await expect(host.start(chain.stream({ messages, req_id }))).rejects.toMatchObject({
        code: 'invalid-input',
      });
      await expect(host.events(req_id, { after: 999 })).rejects.toMatchObject({ code: 'invalid-input' });
    }
    expect((await readHosted(other, req_id)).error).toBeUndefined();
  });

  it('says that events are gone once the oldest have made room', async () => {
    const [one, other] = [await makeHost({ maxBatchesPerRun: 100 }), await makeHost()];
    const run = chainOf({ text: words(1000) }).stream({ messages });
    await one.start(run);
    await readHosted(one, run.req_id);
    await expect(other.events(run.req_id, { after: 3 })).rejects.toMatchObject({ code: 'gone' });
    const late = await readHosted(other, run.req_id, { after: 950 });
    expect(late.events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('stops a run from another host', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const run = chainOf({ text: words(3), hang: true }).stream({ messages });
    await one.start(run);
    const reading = readHosted(other, run.req_id);
    expect(await other.stop(run.req_id)).toBe(true);
    expect((await reading).events.at(-1)).toMatchObject({ type: 'done', finishReason: 'aborted' });
    await expect.poll(() => one.running).toBe(0);
    expect(await other.stop(run.req_id)).toBe(false);
    expect(await other.stop('unknown')).toBe(false);
  });

  it('counts a reader elsewhere before it gives a run up, and gives it up when nobody reads', async () => {
    const [one, other] = [await makeHost({ graceMs: 150 }), await makeHost()];
    const chain = chainOf({ text: words(30), delayMs: 20 });
    const read = chain.stream({ messages });
    const unread = chain.stream({ messages });
    await Promise.all([one.start(read), one.start(unread)]);
    const { events } = await readHosted(other, read.req_id);
    expect(events.at(-1)).toMatchObject({ finishReason: 'stop' });
    expect((await readHosted(other, unread.req_id)).events.at(-1)).toMatchObject({ finishReason: 'aborted' });
  });

  it('leaves no key but with a time to live, no second connection and no owner behind', async () => {
    const one = await makeHost({ prefix: 'kept:', keepMs: 60_000 });
    const other = await makeHost({ prefix: 'kept:' });
    const run = chainOf('ok').stream({ messages });
    await one.start(run);
    await readHosted(other, run.req_id);
    const client = await redis.client();
    const keys = await client.keys('kept:*');
    expect(keys).toEqual([`kept:${run.req_id}:events`]);
    const ttl = await client.pTTL(`kept:${run.req_id}:events`);
    expect(ttl).toBeGreaterThan(50_000);
    await expect
      .poll(async () => JSON.stringify(await client.sendCommand(['CLIENT', 'LIST'])))
      .not.toContain('cmd=xread');
  });

  it('ends a read that waits at once, by leaving and by signal', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const run = chainOf({ hang: true }).stream({ messages });
    await one.start(run);
    const controller = new AbortController();
    const left = await other.events(run.req_id);
    const aborted = await other.events(run.req_id, { signal: controller.signal });
    const drain = async (reader: AsyncIterator<unknown>) => {
      while ((await reader.next()).done !== true);
    };
    const pending = [drain(left), drain(aborted)];
    setTimeout(() => {
      void left.return?.();
      controller.abort();
    }, 30);
    await Promise.all(pending);
    expect(await one.stop(run.req_id)).toBe(true);
  });

  it('carries many runs at once over one second connection a host', async () => {
    const [one, other] = [await makeHost(), await makeHost()];
    const chain = chainOf({ text: words(20), delayMs: 1 });
    const runs = Array.from({ length: 100 }, () => chain.stream({ messages }));
    await Promise.all(runs.map((run) => one.start(run)));
    const results = await Promise.all(runs.map(({ req_id }) => readHosted(other, req_id)));
    for (const { events, seqs, error } of results) {
      expect(error).toBeUndefined();
      expect(seqs).toEqual(events.map((_event, index) => index + 1));
      expect(events.at(-1)).toMatchObject({ type: 'done' });
    }
    await expect.poll(() => one.running).toBe(0);
  });

  it('lets no run look whole whose events could not be stored', async () => {
    const own = await startRedis();
    const client = await own.client();
    const told: unknown[] = [];
    const log = redisEventLog({ client, timeoutMs: 200, heartbeatMs: 50, deadMs: 100 });
    const host = new RunHost({ log, onLogError: (error) => told.push(error) });
    const run = chainOf({ text: words(50), delayMs: 20 }).stream({ messages });
    await host.start(run);
    const reading = readHosted(host, run.req_id);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await own.kill();
    const { error, events } = await reading;
    expect(error).toMatchObject({ code: 'connection', retryable: true });
    expect(String(error)).not.toContain('127.0.0.1');
    expect(events.at(-1)?.type).not.toBe('done');
    expect(told.length).toBeGreaterThan(0);
    await expect(host.start(chainOf('x').stream({ messages }))).rejects.toMatchObject({ code: 'connection' });
    await expect.poll(() => host.running).toBe(0);
    log.close();
    await own.close();
  });

  it('takes the readers of a server that is killed to another one, up to the last stored event', async () => {
    const [first, second] = await Promise.all([startHost(3000), startHost(5)]);
    let isDown = false;
    // What a balancer does: one address, whoever lives behind it.
    const fetch = (url: string, init: RequestInit) =>
      globalThis.fetch(new URL(new URL(url).pathname, isDown ? second.url : first.url), init);
    const headers = { authorization: 'Bearer key-of-the-web-app' };
    const waits: number[] = [];
    const onReconnect = (delayMs: number) => waits.push(delayMs);
    const reading = { headers, fetch, onReconnect, random: () => 0 };
    const events: ChainEvent[] = [];
    const failure = await take(
      connect('http://hosts.test/v1/runs', { body: { messages }, ...reading }),
      events,
      () => {
        if (events.length !== 100) return;
        first.child.kill('SIGKILL');
        isDown = true;
      },
    );
    // Nobody may take it for whole, and nobody need be told that by hand.
    expect(failure).toMatchObject({ code: 'truncated', retryable: true });
    expect(waits).toEqual([1000]);
    const req_id = events[0]?.req_id ?? '';
    const kept = await storedEvents(req_id);
    expect(events.length).toBeGreaterThanOrEqual(100);
    expect(events.length).toBeLessThan(3000);
    expect(events).toEqual(kept);

    // Who comes late gets the same; who has seen all of it, the end alone; another key, nothing.
    const url = `${second.url}/v1/runs/${req_id}/events`;
    const late: ChainEvent[] = [];
    expect(await take(connect(url, { headers }), late)).toMatchObject({ code: 'truncated' });
    expect(late).toEqual(kept);
    const last = await fetch(url, { headers: { ...headers, 'last-event-id': String(kept.length) } });
    const frames = (await last.text()).split('\n').filter((line) => line.startsWith('data: '));
    expect(frames).toEqual([expect.stringMatching(/^data: \{"type":"error",.*"retryable":true/)]);
    expect((await fetch(url, { headers: { authorization: 'Bearer key-of-nobody-at-all' } })).status).toBe(
      401,
    );

    // Another try is a run of its own, and comes to its end where the reader now is.
    const again: ChainEvent[] = [];
    const another = connect('http://hosts.test/v1/runs', { body: { messages }, ...reading });
    expect(await take(another, again)).toBeUndefined();
    expect(again.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
  });
});

/** Reads to the end; gives what the reading failed with. */
async function take(
  source: AsyncIterable<ChainEvent>,
  events: ChainEvent[],
  onEvent: () => void = () => undefined,
): Promise<unknown> {
  try {
    for await (const event of source) {
      events.push(event);
      onEvent();
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What Redis holds of a run. */
async function storedEvents(req_id: string): Promise<ChainEvent[]> {
  const client = await redis.client();
  const [key = ''] = await client.keys(`katamari:*${req_id}:events`);
  const stored = await client.xRange(key, '-', '+');
  return (stored ?? []).flatMap(({ message }) => JSON.parse(message['events'] ?? '[]') as ChainEvent[]);
}

/** A client as ioredis has it: `call`, and duplicates that connect by themselves. */
function ioLike(client: TestClient) {
  let isEnded = false;
  return {
    call: (...command: string[]) => client.sendCommand(command),
    duplicate() {
      const second = client.duplicate();
      const connected = second.connect();
      return {
        call: (...command: string[]) => connected.then(() => second.sendCommand(command)),
        on: (event: 'error', listener: (error: unknown) => void) => second.on(event, listener),
        disconnect() {
          isEnded = true;
          second.destroy();
        },
      };
    },
    isEnded: () => isEnded,
  };
}

async function startHost(tokens: number): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@katamari/source', 'tests/servers/redis-host.ts', redis.url, String(tokens)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${String(chunk).trim()}`, child };
}
