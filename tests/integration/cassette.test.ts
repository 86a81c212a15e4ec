import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { Chain } from '../../src/chain.ts';
import type { ChainEvent } from '../../src/event.ts';
import type { Provider } from '../../src/provider.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import {
  encodeAnswer,
  FakeClock,
  record,
  replay,
  type Cassette,
  type CassetteFetch,
  type WireAnswer,
} from '../../src/testing/index.ts';
import { loadCassette, saveCassette } from '../../src/testing/node/index.ts';
import { write } from '../../src/testing/node/send.ts';
import { beginSse, cut, sendJson } from '../servers/respond.ts';
import { startServer, type Handler } from '../servers/start-server.ts';
import { collect, makeContext, textOfEvents } from '../support/context.ts';

const apiKey = 'sk-secret-0123456789abcdef';
const queryKey = 'query+key/with=signs-42';
const answer: WireAnswer = {
  reasoning: ['考える。'],
  text: ['Hello', '、世界 ', '👩‍👩‍👧‍👦'],
  toolCalls: [{ id: 'call_1', name: 'search', arguments: '{"q":"京都"}' }],
  usage: { token_in: 12, token_out: 7, token_reasoning: 3 },
};
const bytes = encodeAnswer('openai-chat', answer);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katamari-cassette-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A provider whose key stands in a header, in another header and in the query. */
function providerAt(root: string, fetch: CassetteFetch): Provider {
  const headers = { 'x-other-key': 'other-secret-9876' };
  const baseURL = `${root}/v1?code=${encodeURIComponent(queryKey)}`;
  return openaiCompatible({ model: 'test-1', baseURL, apiKey, headers, fetch });
}

async function ask(provider: Provider, content = 'Hi'): Promise<ChainEvent[]> {
  return collect(provider.generate({ messages: [{ role: 'user', content }] }, makeContext(provider).context));
}

/** Records what happens in `body` against a server, and takes the cassette through a file. */
async function recorded(handler: Handler, body: (provider: Provider) => Promise<void>): Promise<Cassette> {
  await using server = await startServer(handler);
  const recorder = record();
  await body(providerAt(server.url, recorder.fetch));
  const file = join(folder, 'deep', `${crypto.randomUUID()}.json`);
  await saveCassette(file, recorder.cassette);
  expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(recorder.cassette, null, 2)}\n`);
  return await loadCassette(file);
}

/** Bytes in pieces that cut characters. */
const inPieces: Handler = async ({ response }) => {
  beginSse(response);
  for (const piece of cut(
    bytes,
    Array.from({ length: 700 }, (_, index) => index * 3),
  ))
    await write(response, piece);
  response.end();
};

const elsewhere = 'http://elsewhere.test';

describe('a cassette', () => {
  test('plays the same events, with the same cuts, and makes no requests', async () => {
    const live: ChainEvent[][] = [];
    const cassette = await recorded(inPieces, async (provider) => {
      live.push(await ask(provider, 'one'), await ask(provider, 'two'));
    });
    expect(cassette.exchanges.map(({ response }) => response?.end)).toEqual(['whole', 'whole']);
    expect(cassette.exchanges[0]?.response?.chunks.some(({ base64 }) => base64 !== undefined)).toBe(true);

    const player = replay(cassette);
    const provider = providerAt(elsewhere, player.fetch);
    expect(await ask(provider, 'two')).toEqual(live[1]);
    expect(await ask(provider, 'one')).toEqual(live[0]);
    expect(player.remaining).toBe(0);
  });

  test('hands on what it records as it comes', async () => {
    let isSent = false;
    await recorded(
      async ({ response }) => {
        beginSse(response);
        await write(response, bytes.subarray(0, bytes.length / 2));
        await expect.poll(() => isSent).toBe(true);
        response.end(bytes.subarray(bytes.length / 2));
      },
      async (provider) => {
        const { context } = makeContext(provider);
        for await (const batch of provider.generate({ messages: [] }, context))
          if (batch.length > 0) isSent = true;
      },
    );
    expect(isSent).toBe(true);
  });

  test('keeps its time when it is asked to', async () => {
    const cassette: Cassette = {
      version: 1,
      exchanges: [
        {
          request: { method: 'POST', url: `${elsewhere}/v1/chat/completions`, headers: {}, body: {} },
          response: {
            status: 200,
            headers: { 'content-type': 'text/event-stream' },
            chunks: [
              { afterMs: 400, text: new TextDecoder().decode(bytes.subarray(0, bytes.length - 20)) },
              { afterMs: 1000, text: new TextDecoder().decode(bytes.subarray(bytes.length - 20)) },
            ],
            end: 'whole',
          },
        },
      ],
    };
    const clock = new FakeClock();
    const { fetch } = replay(cassette, {
      clock,
      speed: 2,
      ignore: ['model', 'messages', 'stream', 'stream_options'],
    });
    const provider = openaiCompatible({ model: 'm', baseURL: `${elsewhere}/v1`, fetch });
    const { context } = makeContext(provider, { clock });
    const stream = provider.generate({ messages: [] }, context)[Symbol.asyncIterator]();
    const times: number[] = [];
    const read = async (): Promise<void> => {
      while ((await stream.next()).done !== true) times.push(clock.now());
    };
    const done = read();
    await clock.advance(200);
    expect(times).toEqual([200]);
    await clock.advance(299);
    expect(times).toEqual([200]);
    await clock.advance(1);
    await done;
    expect(times).toEqual([200, 500]);
    expect(clock.pending).toBe(0);
  });

  test('obeys the signal while it waits', async () => {
    const cassette = await recorded(inPieces, async (provider) => void (await ask(provider)));
    const slow = replay(cassette, { clock: new FakeClock(), speed: 1e-9 });
    const provider = providerAt(elsewhere, slow.fetch);
    const { context, controller } = makeContext(provider);
    const read = collect(provider.generate({ messages: [{ role: 'user', content: 'Hi' }] }, context));
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(read).rejects.toBe(reason);
  });

  test('plays failures too: a refusal, a broken connection, no connection', async () => {
    let requests = 0;
    const live: unknown[] = [];
    const failing = async (provider: Provider): Promise<void> => {
      for (const what of ['refused', 'broken'])
        live.push(await ask(provider, what).catch((error: unknown) => error));
    };
    const cassette = await recorded(async ({ response }) => {
      requests += 1;
      if (requests === 1)
        return sendJson(
          response,
          429,
          { error: { message: 'slow down', type: 'requests' } },
          { 'retry-after': '3' },
        );
      beginSse(response);
      await write(response, bytes.subarray(0, bytes.length / 2));
      response.destroy();
    }, failing);
    const played = live.splice(0);
    await failing(providerAt(elsewhere, replay(cassette).fetch));
    expect(
      live.map((error) => ({ ...(error as object), message: (error as Error).message, cause: undefined })),
    ).toEqual(
      played.map((error) => ({ ...(error as object), message: (error as Error).message, cause: undefined })),
    );
    expect(live).toMatchObject([{ code: 'rate-limited', retryAfterMs: 3000 }, { code: 'truncated' }]);

    const closed = await startServer(() => undefined);
    await closed.close();
    const recorder = record();
    const nobody = openaiCompatible({ model: 'm', baseURL: `${closed.url}/v1`, fetch: recorder.fetch });
    await expect(ask(nobody)).rejects.toMatchObject({ code: 'connection' });
    const absent = openaiCompatible({
      model: 'm',
      baseURL: `${elsewhere}/v1`,
      fetch: replay(recorder.cassette).fetch,
    });
    await expect(ask(absent)).rejects.toMatchObject({ code: 'connection', maybeAccepted: false });
  });

  test('of an answer that was left holds what came until then', async () => {
    const cassette = await recorded(
      async ({ response }) => {
        beginSse(response);
        await write(response, bytes.subarray(0, bytes.length - 40));
      },
      async (provider) => {
        const { context } = makeContext(provider);
        for await (const batch of provider.generate({ messages: [] }, context))
          if (textOfEvents(batch) !== '') break;
      },
    );
    expect(cassette.exchanges[0]?.response).toMatchObject({ end: 'left', status: 200 });
  });
});

describe('a request that was not recorded', () => {
  test('is refused with the place where it differs, and not tried again', async () => {
    const cassette = await recorded(inPieces, async (provider) => void (await ask(provider, 'one')));
    const provider = providerAt(elsewhere, replay(cassette).fetch);
    const chain = new Chain({ provider });
    const other = chain.stream({ messages: [{ role: 'user', content: 'a private question' }] });
    const error: unknown = await other.result().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('first in body.messages[0].content') as string,
    });
    expect(String(error)).not.toContain('private');
    expect(String(error)).not.toContain(queryKey);
  });

  test('is refused where all has been played', async () => {
    const cassette = await recorded(inPieces, async (provider) => void (await ask(provider)));
    const provider = providerAt(elsewhere, replay(cassette).fetch);
    await ask(provider);
    await expect(ask(provider)).rejects.toThrow(
      /exhausted: POST \/v1\/chat\/completions\S* came after all of its 1 exchanges/,
    );
  });

  test('is another where path or method differ', async () => {
    const cassette = await recorded(inPieces, async (provider) => void (await ask(provider)));
    const { fetch } = replay(cassette);
    await expect(fetch(`${elsewhere}/v2/chat/completions`, { method: 'POST' })).rejects.toThrow(
      /first in path/,
    );
    await expect(fetch(`${elsewhere}/v1/chat/completions?code=x`, { method: 'PUT' })).rejects.toThrow(
      /first in method/,
    );
  });

  test('may differ in fields that are named', async () => {
    const cassette = await recorded(inPieces, async (provider) => void (await ask(provider, 'one')));
    const { fetch } = replay(cassette, { ignore: ['messages.content'] });
    expect(textOfEvents(await ask(providerAt(elsewhere, fetch), 'another'))).toContain('世界');
  });
});

describe('secrets', () => {
  test('are never in the cassette, wherever the host echoes them', async () => {
    const cassette = await recorded(
      async ({ request, response }) => {
        const echo = `You sent ${JSON.stringify(request.headers)} to ${request.url ?? ''} as ${apiKey} ${queryKey}, also sk-proj-****cdef`;
        const body = Buffer.from(JSON.stringify({ error: { message: echo, type: 'invalid_request_error' } }));
        response.writeHead(401, {
          'content-type': 'application/json',
          'x-request-id': `req-${apiKey}`,
          'set-cookie': `k=${apiKey}`,
        });
        // Cut inside the key.
        for (const piece of cut(
          body,
          Array.from({ length: 200 }, (_, index) => index * 7),
        ))
          await write(response, piece);
        response.end();
      },
      async (provider) => {
        await expect(ask(provider, `My key is ${apiKey}, and the other ${queryKey}.`)).rejects.toMatchObject({
          code: 'authentication',
        });
      },
    );
    const json = JSON.stringify(cassette);
    const body = cassette.exchanges[0]?.response?.chunks.map(({ text }) => text).join('') ?? '';
    expect(body).toContain('You sent');
    for (const secret of [
      apiKey,
      apiKey.slice(3),
      queryKey,
      encodeURIComponent(queryKey),
      'other-secret-9876',
      'sk-proj',
    ]) {
      expect(json).not.toContain(secret);
      expect(body).not.toContain(secret);
    }
    expect(cassette.exchanges[0]?.request).toEqual({
      method: 'POST',
      url: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions\?code=%5Bredacted%5D$/,
      ) as string,
      headers: { accept: 'text/event-stream, application/json', 'content-type': 'application/json' },
      body: expect.objectContaining({
        messages: [{ role: 'user', content: 'My key is [redacted], and the other [redacted].' }],
      }) as object,
    });

    // Another key plays it all the same.
    const { fetch } = replay(cassette);
    const provider = openaiCompatible({
      model: 'test-1',
      baseURL: `${elsewhere}/v1?code=other-key-77`,
      apiKey: 'another-key-1',
      fetch,
    });
    await expect(ask(provider, 'My key is another-key-1, and the other other-key-77.')).rejects.toMatchObject(
      { code: 'authentication' },
    );
  });

  test('that are named are taken out of the answer, which keeps its cuts', async () => {
    const recorder = record({
      secrets: ['世界'.repeat(3)],
      fetch: () => Promise.resolve(new Response(`before ${'世界'.repeat(3)} after`)),
    });
    const response = await recorder.fetch('http://h.test/', { method: 'POST', body: '{}' });
    expect(await response.text()).toContain('世界');
    expect(recorder.cassette.exchanges[0]?.response?.chunks).toEqual([
      { afterMs: expect.any(Number) as number, text: `before ${'*'.repeat(18)} after` },
    ]);
  });
});

describe('input', () => {
  test('a request of an SDK, as a Request object', async () => {
    const recorder = record({
      fetch: (input) => Promise.resolve(new Response(input instanceof Request ? input.body : null)),
    });
    const request = new Request('http://h.test/v1?key=abc-def-123', {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-api-key': apiKey },
    });
    expect(await (await recorder.fetch(request)).json()).toEqual({ a: 1 });
    const { fetch, remaining } = replay(recorder.cassette);
    expect(remaining).toBe(1);
    const again = new Request('http://other.test/v1?key=x', { method: 'POST', body: '{"a":1}' });
    expect(await (await fetch(again)).json()).toEqual({ a: 1 });
  });

  test('an answer without a body', async () => {
    const recorder = record({ fetch: () => Promise.resolve(new Response(null, { status: 204 })) });
    await recorder.fetch('http://h.test/');
    const response = await replay(recorder.cassette).fetch('http://h.test/');
    expect([response.status, response.body]).toEqual([204, null]);
  });

  test.each([
    null,
    7,
    {},
    { version: 2, exchanges: [] },
    { version: 1, exchanges: [{}] },
    { version: 1, exchanges: [null] },
  ])('%j is no cassette', (value) => {
    expect(() => replay(value as never)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  });

  test('a file that is not there, or holds something else', async () => {
    await expect(loadCassette(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'invalid-input' });
    await saveCassette(join(folder, 'bad.json'), { version: 3 } as never);
    await expect(loadCassette(join(folder, 'bad.json'))).rejects.toThrow(/bad\.json: This is no cassette/);
  });
});
