import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import fastify from 'fastify';
import { Hono } from 'hono';
import { Chain } from 'katamari';
import { nodeListener, serve } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { connect } from 'katamari/sse';
import { scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

const provider = scriptedProvider([() => ({ text: ['Good ', 'day'], delayMs: 1 })]);
const hanging = scriptedProvider([{ text: 'so far', hang: true }]);
const chains = { default: new Chain({ provider }), hanging: new Chain({ provider: hanging }) };
const rooted = () => createHandler({ chains, auth: 'none' });
const under = (basePath: string) => createHandler({ chains, auth: 'none', basePath });
const MESSAGES = [{ role: 'user', content: 'Hello' }];

interface Mounted {
  readonly url: string;
  readonly close: () => Promise<unknown>;
}

/** The ways that the guide shows, each in its lines. */
const MOUNTS: Readonly<Record<string, () => Promise<Mounted>>> = {
  serve: async () => {
    const server = await serve(rooted(), { port: 0 });
    return { url: server.url, close: () => server.close() };
  },
  'node:http': async () => {
    const server = createServer(nodeListener(rooted())).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return { url: urlOf(server), close: () => new Promise((resolve) => server.close(resolve)) };
  },
  hono: async () => {
    const handler = under('/ai');
    const app = new Hono();
    app.get('/', (context) => context.text('the app'));
    app.all('/ai/*', (context) => handler(context.req.raw));
    const server = await serve(app.fetch, { port: 0 });
    return { url: `${server.url}/ai`, close: () => server.close() };
  },
  // In a process of its own: the conditions by which the tests resolve our sources break a package of Express.
  express: async () => {
    const app = spawn(process.execPath, ['--conditions=@katamari/source', 'tests/servers/express-app.ts'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [url] = (await once(app.stdout, 'data')) as [Buffer];
    const close = async (): Promise<void> => {
      app.stdin.end();
      await once(app, 'exit');
    };
    return { url: `${String(url).trim()}/ai`, close };
  },
  fastify: async () => {
    const handler = under('/ai');
    const app = fastify();
    const listener = nodeListener(handler);
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _body, done) => done(null));
      scope.all('/ai/*', (request, reply) => {
        reply.hijack();
        listener(request.raw, reply.raw);
      });
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return { url: `${url}/ai`, close: () => app.close() };
  },
};

function urlOf(server: { address(): AddressInfo | string | null }): string {
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function running(url: string): Promise<number> {
  const health = (await (await fetch(`${url}/healthz`)).json()) as { running: number };
  return health.running;
}

describe.each(Object.keys(MOUNTS))('mounted by %s', (name) => {
  it('answers, streams, resumes and refuses', async () => {
    const { url, close } = (await MOUNTS[name]?.()) ?? { url: '', close: () => Promise.resolve() };
    try {
      const result = await fetch(`${url}/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: MESSAGES }),
      });
      expect(await result.json()).toMatchObject({ text: 'Good day', finishReason: 'stop' });

      const events = [];
      for await (const event of connect(`${url}/v1/runs`, { body: { messages: MESSAGES } }))
        events.push(event);
      expect(events.at(0)?.type).toBe('run-start');
      expect(events.at(-1)?.type).toBe('done');
      const again = [];
      const { req_id = '' } = events[0] ?? {};
      for await (const event of connect(`${url}/v1/runs/${req_id}/events`)) again.push(event);
      expect(again).toEqual(events);

      const large = await fetch(`${url}/v1/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: 'x'.repeat(5_000_000),
      });
      expect(large.status).toBe(413);
      expect((await fetch(`${url}/v1/nothing`)).status).toBe(404);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    } finally {
      await close();
    }
  });

  it('cancels the provider when the client leaves', async () => {
    const { url, close } = (await MOUNTS[name]?.()) ?? { url: '', close: () => Promise.resolve() };
    try {
      for (const stream of [true, false]) {
        const leaving = new AbortController();
        const answer = fetch(`${url}/v1/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ messages: MESSAGES, model: 'katamari/hanging', stream }),
          signal: leaving.signal,
        });
        answer.catch(() => undefined);
        await expect.poll(() => running(url)).toBe(1);
        leaving.abort();
        await expect.poll(() => running(url)).toBe(0);
      }
    } finally {
      await close();
    }
  });
});
