import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect as connectSocket, type Socket } from 'node:net';

import { Chain, requestLog } from 'katamari';
import { defaultServerOptions, serve, type Listening } from 'katamari/node';
import { openaiCompatible } from 'katamari/openai-compatible';
import { createHandler, type HandlerOptions } from 'katamari/server';
import { memoryEventLog } from 'katamari/sse';
import { scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { beginSse, chatChunk, chatEnding } from '../servers/respond.ts';
import { startServer } from '../servers/start-server.ts';

const MESSAGES = [{ role: 'user', content: 'Hello' }];

function listen(options: Partial<HandlerOptions> = {}): Promise<Listening> {
  const provider = scriptedProvider(['Hi']);
  return serve(createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none', ...options }), {
    port: 0,
  });
}

function post(url: string, path: string, body: object): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** An answer that is not read until it is resumed. */
function openSlowly(url: string, path: string, body: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    outgoing.once('response', (response) => {
      response.pause();
      resolve(response);
    });
    outgoing.once('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}

/** What a raw connection is answered, to its end. */
function exchange(url: string, send: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectSocket(Number(new URL(url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
    socket.once('close', () => {
      resolve(text);
    });
    socket.on('error', () => undefined);
    socket.once('connect', () => {
      send(socket);
    });
  });
}

function drained(response: ServerResponse): Promise<unknown> {
  return new Promise((resolve) => response.once('drain', resolve));
}

/** A provider on loopback that writes as fast as it is read, and knows how much that was. */
async function endlessProvider(totalBytes: number) {
  const piece = chatChunk({ content: 'x'.repeat(16_000) });
  let written = 0;
  const server = await startServer(async ({ response, closed }) => {
    beginSse(response);
    while (written < totalBytes && !response.destroyed) {
      written += piece.length;
      if (!response.write(piece)) await Promise.race([drained(response), closed]);
    }
    response.end(chatEnding());
  });
  const provider = openaiCompatible({ baseURL: `${server.url}/v1`, model: 'endless' });
  return { server, provider, written: () => written };
}

async function settled(read: () => number): Promise<number> {
  for (let before = -1; ;) {
    const now = read();
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

describe('a client that reads slowly', () => {
  it('stops the provider, through every layer, and starts it again', async () => {
    const total = 64 * 1024 * 1024;
    const { server, provider, written } = await endlessProvider(total);
    await using upstream = server;
    await using listening = await listen({ chains: { default: new Chain({ provider }) } });
    const body = { messages: MESSAGES, model: 'katamari/default', stream: true };
    const response = await openSlowly(listening.url, '/v1/chat/completions', body);
    const stopped = await settled(written);
    expect(stopped).toBeGreaterThan(0);
    expect(stopped).toBeLessThan(total / 2);
    response.once('data', () => undefined);
    let bytes = 0;
    for await (const piece of response) {
      bytes += (piece as Buffer).length;
      if (bytes > stopped * 2) break;
    }
    expect(written()).toBeGreaterThan(stopped);
    expect(upstream.served).toHaveLength(1);
  });

  it('does not stop a run of events, which its log bounds: what was not kept is gone', async () => {
    const total = 8 * 1024 * 1024;
    const { server, provider, written } = await endlessProvider(total);
    await using upstream = server;
    const log = memoryEventLog({ maxBytes: 1024 * 1024 });
    await using listening = await listen({ chains: { default: new Chain({ provider }) }, log });
    const response = await openSlowly(listening.url, '/v1/runs', { messages: MESSAGES, stream: true });
    await expect.poll(written, { timeout: 10_000 }).toBeGreaterThanOrEqual(total);
    let text = '';
    for await (const piece of response) text += String(piece);
    expect(text.length).toBeLessThan(total);
    expect(text).toMatch(/"type":"error".*"code":"gone"/);
    expect(upstream.served).toHaveLength(1);
  });
});

describe('connections that mean no good', () => {
  it('with a body that never comes are closed', async () => {
    await using listening = await listen({ body: { bodyIdleMs: 100 } });
    const head =
      'POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n';
    const text = await exchange(listening.url, (socket) => socket.write(`${head}{"messages`));
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toMatch(/connection: close/i);
  });

  it('with a body that is too large are answered and closed, without being read', async () => {
    await using listening = await listen({ body: { maxBodyBytes: 1000 } });
    const head =
      'POST /v1/runs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const text = await exchange(listening.url, (socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write(`400\r\n${' '.repeat(1024)}\r\n`), 1);
      socket.once('close', () => {
        clearInterval(timer);
      });
    });
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each([
    ['a line feed in an id', 'X-Request-Id: a\nSet-Cookie: x=1'],
    ['a carriage return in an id', 'X-Request-Id: a\rSet-Cookie: x=1'],
    ['an id of other letters', 'X-Request-Id: a%0d%0aSet-Cookie: x=1'],
  ])('with %s get no header of theirs back', async (_, header) => {
    await using listening = await listen();
    const text = await exchange(listening.url, (socket) => {
      socket.end(`GET /healthz HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n`);
    });
    expect(text).toMatch(/^HTTP\/1\.1 (?:200|400) /);
    expect(text).not.toMatch(/^set-cookie/im);
    expect(text).not.toMatch(/x-request-id: a(?:\s|%)/i);
  });

  it('with a host that is none, or a path that climbs, are refused', async () => {
    await using listening = await listen();
    for (const [path, host] of [
      ['/healthz', 'a b'],
      ['/../../etc/passwd', 'x'],
      ['//evil.example.com/healthz', 'x'],
      ['/v1/personas/..%2f..%2fetc%2fpasswd', 'x'],
    ]) {
      const text = await exchange(listening.url, (socket) => {
        socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      });
      expect([path, text.slice(0, 12)]).toEqual([
        path,
        expect.stringMatching(/^HTTP\/1\.1 4\d\d|^HTTP\/1\.1 500/),
      ]);
      expect(text).not.toMatch(/root:/);
    }
  });

  it('may be a thousand at once', async () => {
    await using listening = await listen({ runs: { maxRuns: 20, maxQueued: 2000, queueTimeoutMs: 60_000 } });
    const answers = Array.from({ length: 1000 }, async (_, index) => {
      const response = await post(listening.url, '/v1/runs', { messages: MESSAGES, stream: index % 2 === 0 });
      return { status: response.status, text: await response.text() };
    });
    const all = await Promise.all(answers);
    expect(all.filter(({ status, text }) => status === 200 && text.includes('Hi'))).toHaveLength(1000);
  }, 60_000);
});

describe('closing a server that listens', () => {
  it('lets answers come to their end, then lets go of the port', async () => {
    const provider = scriptedProvider([{ text: ['one ', 'two ', 'three'], delayMs: 60 }]);
    const listening = await listen({ chains: { default: new Chain({ provider }) } });
    const answers = [true, false].map((stream) =>
      post(listening.url, '/v1/runs', { messages: MESSAGES, stream }),
    );
    await expect.poll(() => provider.open).toBe(2);
    const closed = listening.close();
    expect((await post(listening.url, '/v1/runs', { messages: MESSAGES })).status).toBe(503);
    expect((await fetch(`${listening.url}/healthz`)).status).toBe(503);
    const texts = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(texts[0]).toMatch(/"type":"done".*"finishReason":"stop"/);
    expect(texts[1]).toMatch(/"text":"one two three"/);
    await closed;
    await expect(fetch(`${listening.url}/healthz`)).rejects.toThrow(/fetch failed/);
  });

  it('says so where the port is taken', async () => {
    await using listening = await listen();
    await expect(serve(() => new Response(), { port: listening.port })).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/EADDRINUSE/) as string,
    });
    for (const port of [65_536, -1, Number.NaN])
      await expect(serve(() => new Response(), { port })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('the default server', () => {
  it('answers without a key from the conversation, with a persona, a budget and a reflection, to this machine alone', async () => {
    const handler = createHandler(await defaultServerOptions({ environment: {} }));
    await using listening = await serve(handler, { port: 0 });
    const body = {
      messages: [
        { role: 'user', content: '金曜日の切り戻しは18時までです。' },
        { role: 'assistant', content: '承知しました。' },
        { role: 'user', content: '切り戻しは何時までですか。' },
      ],
      persona: 'gijiroku',
      budget: 2000,
      reflect: { maxRounds: 1 },
    };
    const response = await post(listening.url, '/v1/runs', body);
    expect(await response.json()).toMatchObject({ text: expect.stringContaining('18時') as string });
    const personas = (await (await fetch(`${listening.url}/v1/personas`)).json()) as { personas: unknown[] };
    expect(personas.personas).toHaveLength(16);
    expect((await post(listening.url, '/v1/runs', { ...body, provider: 'openai' })).status).toBe(400);
    expect((await handler(new Request('http://evil.example.com/v1/models'))).status).toBe(421);
  });

  it('takes keys and vendors from the environment', async () => {
    const options = await defaultServerOptions({
      environment: {
        KATAMARI_API_KEYS: 'web:key-of-the-web-app, key-of-somebody-else',
        OPENAI_API_KEY: 'sk-x',
        KATAMARI_PROVIDERS: 'ollama',
      },
    });
    const handler = createHandler(options);
    expect((await handler(new Request('http://x/v1/models'))).status).toBe(401);
    const response = await handler(
      new Request('http://x/v1/models', { headers: { authorization: 'Bearer key-of-the-web-app' } }),
    );
    const { data } = (await response.json()) as { data: { provider: string }[] };
    expect(new Set(data.map(({ provider }) => provider))).toEqual(new Set(['local', 'openai']));
    await expect(
      defaultServerOptions({ environment: { KATAMARI_PROVIDER: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(
      defaultServerOptions({ environment: {}, personas: '/no/such/folder' }),
    ).rejects.toMatchObject({ code: 'invalid-persona' });
  });
});

describe('what is logged', () => {
  it('holds no key, no text of a message and no body', async () => {
    const lines: string[] = [];
    const provider = scriptedProvider(['SECRET-answer']);
    const listening = await listen({
      chains: {
        default: new Chain({ provider, observers: [requestLog({ write: (line) => lines.push(line) })] }),
      },
      auth: { keys: ['SECRET-key-0123456789'] },
      access: (record) => lines.push(JSON.stringify(record)),
      onError: (error) => lines.push(String(error)),
    });
    await using server = listening;
    const bodies = [
      '{"messages":[{"role":"user","content":"SECRET-question"}]}',
      '{"SECRET',
      '{"messages":"SECRET"}',
    ];
    const answers: string[] = [];
    for (const key of ['SECRET-key-0123456789', 'SECRET-key-of-nobody'])
      for (const path of ['/v1/runs', '/v1/trim?token=SECRET', '/v1/chat/completions'])
        for (const body of bodies) {
          const response = await fetch(`${server.url}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
            body,
          });
          if (!response.ok) answers.push(await response.text());
          else await response.text();
        }
    expect(lines.length).toBeGreaterThan(18);
    expect(lines.join('\n')).not.toContain('SECRET');
    expect(answers.join('\n')).not.toContain('SECRET');
  });
});
