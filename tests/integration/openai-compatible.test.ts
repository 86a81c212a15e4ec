import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { Chain } from '../../src/chain.ts';
import type { ChainEvent } from '../../src/event.ts';
import type { Provider } from '../../src/provider.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { beginSse, chatChunk, chatEnding, sendJson, write } from '../servers/respond.ts';
import { startServer, type Handler, type TestServer } from '../servers/start-server.ts';
import { collect, makeContext, textOfEvents, type TestContext } from '../support/context.ts';
import { createGate } from '../support/gate.ts';

interface Setup extends TestContext {
  readonly server: TestServer;
  readonly provider: Provider;
  readonly ask: () => AsyncIterable<readonly ChainEvent[]>;
}

const apiKey = 'test-key-0123456789';

async function withServer(handler: Handler, body: (setup: Setup) => Promise<void>): Promise<void> {
  await using server = await startServer(handler);
  const provider = openaiCompatible({ baseURL: `${server.url}/v1`, model: 'test-1', apiKey });
  const made = makeContext(provider);
  const ask = (): AsyncIterable<readonly ChainEvent[]> =>
    provider.generate({ messages: [{ role: 'user', content: 'こんにちは' }] }, made.context);
  await body({ ...made, server, provider, ask });
}

const whole = `${chatChunk({ content: 'Hello' })}${chatChunk({ content: ' 世界' })}${chatEnding()}`;

describe('a good answer', () => {
  test('comes as batches, ends with its account, and leaves the connection for the next', async () => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, chatChunk({ content: 'Hello' }));
        await write(response, chatChunk({ content: ' 世界' }));
        // The end is a write of its own: it arrives behind the terminal event.
        await write(response, chatEnding());
        response.end();
      },
      async ({ server, ask }) => {
        for (let round = 0; round < 6; round += 1) {
          const events = await collect(ask());
          expect(textOfEvents(events)).toBe('Hello 世界');
          expect(events.at(-1)).toMatchObject({
            type: 'attempt-end',
            usage: { token_in: 9, token_out: 2 },
            servedModel: 'test-1',
          });
        }
        // Node's fetch opens a second one when a request follows before it has let go of the first.
        expect(server.connections()).toBeLessThanOrEqual(2);
        expect(server.served[0]?.request.url).toBe('/v1/chat/completions');
        expect(server.served[0]?.request.headers.authorization).toBe(`Bearer ${apiKey}`);
        expect(server.served[0]?.json).toMatchObject({ messages: [{ role: 'user', content: 'こんにちは' }] });
      },
    );
  });

  test('leaving after attempt-end, with the signal aborted, also leaves the connection', async () => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, whole);
      },
      async ({ server, provider }) => {
        for (let round = 0; round < 6; round += 1) {
          const { context, controller } = makeContext(provider);
          const iterator = provider.generate({ messages: [] }, context)[Symbol.asyncIterator]();
          let isEnded = false;
          while (!isEnded) {
            const { value } = (await iterator.next()) as IteratorYieldResult<readonly ChainEvent[]>;
            isEnded = value.at(-1)?.type === 'attempt-end';
          }
          // The body's end arrives behind the terminal event, when the consumer is gone already.
          setImmediate(() => server.served.at(-1)?.response.end());
          controller.abort();
          await iterator.return?.();
        }
        expect(server.connections()).toBeLessThanOrEqual(2);
      },
    );
  });

  test('cut inside a character, one byte a write', async () => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        for (const byte of Buffer.from(whole)) await write(response, Uint8Array.of(byte));
        response.end();
      },
      async ({ ask }) => {
        expect(textOfEvents(await collect(ask()))).toBe('Hello 世界');
      },
    );
  });

  test('compressed', async () => {
    await withServer(
      ({ response }) => {
        beginSse(response, { 'content-encoding': 'gzip' });
        response.end(gzipSync(whole));
      },
      async ({ ask }) => {
        expect(textOfEvents(await collect(ask()))).toBe('Hello 世界');
      },
    );
  });

  test('a host that does not stream', async () => {
    await withServer(
      ({ response }) => {
        const choices = [
          { index: 0, message: { role: 'assistant', content: 'At once.' }, finish_reason: 'stop' },
        ];
        sendJson(response, 200, {
          object: 'chat.completion',
          model: 'm',
          choices,
          usage: { prompt_tokens: 1, completion_tokens: 2 },
        });
      },
      async ({ ask }) => {
        const events = await collect(ask());
        expect(textOfEvents(events)).toBe('At once.');
        expect(events.at(-1)).toMatchObject({ finishReason: 'stop', usage: { token_in: 1, token_out: 2 } });
      },
    );
  });

  test('a socket that stays open after the last event holds nobody back', async () => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, whole);
      },
      async ({ server, ask }) => {
        expect(textOfEvents(await collect(ask()))).toBe('Hello 世界');
        expect(await server.served[0]?.closed).toBe(false);
      },
    );
  });

  test('a JSON error on a socket that stays open holds nobody back', async () => {
    await withServer(
      async ({ response }) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        await write(
          response,
          JSON.stringify({ error: { message: 'no capacity', type: 'overloaded_error' } }),
        );
      },
      async ({ server, ask }) => {
        await expect(collect(ask())).rejects.toMatchObject({ code: 'overloaded', retryable: true });
        expect(await server.served[0]?.closed).toBe(false);
      },
    );
  });

  test('a keep-alive comes through as an empty batch', async () => {
    const gate = createGate();
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, ': PROCESSING\n\n');
        await gate.opened;
        response.end(whole);
      },
      async ({ ask }) => {
        const iterator = ask()[Symbol.asyncIterator]();
        expect(await iterator.next()).toEqual({ done: false, value: [] });
        gate.open();
        await iterator.return?.();
      },
    );
  });
});

const endless: Handler = async ({ response }) => {
  beginSse(response);
  await write(response, chatChunk({ content: 'one' }));
};

describe('leaving', () => {
  test('break closes the socket', async () => {
    await withServer(endless, async ({ server, ask }) => {
      for await (const batch of ask()) {
        expect(textOfEvents(batch)).toBe('one');
        break;
      }
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('return while a read is under way settles both, and closes the socket', async () => {
    await withServer(endless, async ({ server, ask }) => {
      const iterator = ask()[Symbol.asyncIterator]();
      await iterator.next();
      const pending = iterator.next();
      await iterator.return?.();
      expect(await pending).toEqual({ done: true, value: undefined });
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('abort throws the reason and closes the socket', async () => {
    await withServer(endless, async ({ server, ask, controller }) => {
      const reason = new Error('the user left');
      const iterator = ask()[Symbol.asyncIterator]();
      await iterator.next();
      const pending = iterator.next();
      controller.abort(reason);
      await expect(pending).rejects.toBe(reason);
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('abort before an answer', async () => {
    const arrival = createGate();
    await withServer(
      () => {
        arrival.open();
      },
      async ({ server, ask, controller }) => {
        const pending = collect(ask());
        await arrival.opened;
        controller.abort(new Error('enough'));
        await expect(pending).rejects.toThrow('enough');
        expect(await server.served[0]?.closed).toBe(false);
      },
    );
  });

  test('a signal that is aborted already sends nothing', async () => {
    await withServer(endless, async ({ server, ask, controller }) => {
      controller.abort(new Error('never mind'));
      await expect(collect(ask())).rejects.toThrow('never mind');
      expect(server.served).toHaveLength(0);
    });
  });

  test('a fetch that looks at no signal is left all the same, its late answer dropped', async () => {
    let isCancelled = false;
    const answer = createGate<Response>();
    const provider = openaiCompatible({
      baseURL: 'http://h.test',
      model: 'm',
      fetch: () => answer.opened,
    });
    const { context, controller } = makeContext(provider);
    const pending = collect(provider.generate({ messages: [] }, context));
    controller.abort(new Error('gone'));
    await expect(pending).rejects.toThrow('gone');
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    answer.open(new Response(body));
    await expect.poll(() => isCancelled).toBe(true);
  });

  test('a body that looks at no signal is cancelled', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        stream.enqueue(new TextEncoder().encode(chatChunk({ content: 'one' })));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const provider = openaiCompatible({
      baseURL: 'http://h.test',
      model: 'm',
      fetch: () => Promise.resolve(new Response(body)),
    });
    const { context, controller } = makeContext(provider);
    const iterator = provider.generate({ messages: [] }, context)[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next();
    controller.abort(new Error('gone'));
    await expect(pending).rejects.toThrow('gone');
    expect(isCancelled).toBe(true);
  });
});

describe('failures', () => {
  test('429 with Retry-After', async () => {
    await withServer(
      ({ response }) => {
        const body = {
          error: { message: `slow down, ${apiKey}`, type: 'requests', code: 'rate_limit_exceeded' },
        };
        sendJson(response, 429, body, { 'retry-after': '2.5', 'x-request-id': 'req-9' });
      },
      async ({ ask }) => {
        const error: unknown = await collect(ask()).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          code: 'rate-limited',
          retryable: true,
          status: 429,
          retryAfterMs: 2500,
          requestId: 'req-9',
          vendorCode: 'rate_limit_exceeded',
          maybeAccepted: false,
        });
        expect(String(error)).not.toContain(apiKey);
      },
    );
  });

  test.each<readonly [what: string, handler: Handler, code: string, retryable: boolean]>([
    [
      '200 with a JSON error',
      ({ response }) =>
        sendJson(response, 200, { error: { message: 'bad model', type: 'invalid_request_error' } }),
      'bad-request',
      false,
    ],
    [
      'an error as application/octet-stream',
      ({ response }) =>
        sendJson(response, 401, { error: { message: 'x' } }, { 'content-type': 'application/octet-stream' }),
      'authentication',
      false,
    ],
    [
      'a web page with 200',
      ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html><body>Welcome</body></html>');
      },
      'malformed',
      false,
    ],
    [
      'a web page with 502',
      ({ response }) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<html><title>Bad Gateway</title></html>');
      },
      'server',
      true,
    ],
    [
      'an empty answer',
      ({ response }) => {
        beginSse(response);
        response.end();
      },
      'empty-response',
      true,
    ],
    [
      'status 204',
      ({ response }) => {
        response.writeHead(204);
        response.end();
      },
      'empty-response',
      true,
    ],
    [
      'a redirect',
      ({ response }) => {
        response.writeHead(307, { location: 'https://elsewhere.test/v1?key=1' });
        response.end();
      },
      'bad-request',
      false,
    ],
    [
      'a socket that is cut before the answer',
      ({ response }) => {
        response.destroy();
      },
      'connection',
      true,
    ],
    [
      'a socket that is cut after the head',
      async ({ response }) => {
        beginSse(response);
        response.flushHeaders();
        await write(response, ': hello\n\n');
        response.destroy();
      },
      'connection',
      true,
    ],
  ])('%s', async (_what, handler, code, retryable) => {
    await withServer(handler, async ({ ask }) => {
      await expect(collect(ask())).rejects.toMatchObject({ code, retryable });
    });
  });

  test.each<readonly [what: string, last: string, isCut: boolean, code: string]>([
    ['ends', '', false, 'truncated'],
    ['ends in half an event', 'data: {"choi', false, 'truncated'],
    ['is cut', '', true, 'truncated'],
    ['reports an error', 'data: {"error":{"message":"gone","code":503}}\n\n', false, 'overloaded'],
    ['turns to garbage', 'data: }{\n\n', false, 'malformed'],
  ])('a stream that %s: what came before is delivered first', async (_what, last, isCut, code) => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, `${chatChunk({ content: 'half' })}${last}`);
        if (isCut) response.destroy();
        else response.end();
      },
      async ({ ask }) => {
        const seen: ChainEvent[] = [];
        const read = async (): Promise<void> => {
          for await (const batch of ask()) seen.push(...batch);
        };
        await expect(read()).rejects.toMatchObject({ code, retryable: true, maybeAccepted: true });
        expect(textOfEvents(seen)).toBe('half');
      },
    );
  });

  test('an answer whose finish came outlives its connection', async () => {
    await withServer(
      async ({ response }) => {
        beginSse(response);
        await write(response, `${chatChunk({ content: 'whole' })}${chatChunk({}, 'stop')}`);
        response.destroy();
      },
      async ({ ask }) => {
        const events = await collect(ask());
        expect(textOfEvents(events)).toBe('whole');
        expect(events.at(-1)).toMatchObject({ outcome: 'completed', usage: null });
      },
    );
  });

  test('nobody there', async () => {
    const server = await startServer(() => undefined);
    await server.close();
    const provider = openaiCompatible({ baseURL: server.url, model: 'm' });
    const failed = collect(provider.generate({ messages: [] }, makeContext(provider).context));
    await expect(failed).rejects.toMatchObject({
      code: 'connection',
      retryable: true,
      vendorCode: 'ECONNREFUSED',
      maybeAccepted: false,
    });
  });
});

describe('under a chain', () => {
  const messages = [{ role: 'user', content: 'hi' }] as const;

  test('what is retryable is repeated, as the host asks', async () => {
    let requests = 0;
    await withServer(
      ({ response }) => {
        requests += 1;
        if (requests === 1) return sendJson(response, 503, {}, { 'retry-after-ms': '3' });
        beginSse(response);
        response.end(requests === 2 ? chatChunk({ content: 'half' }) : whole);
      },
      async ({ provider }) => {
        const chain = new Chain({ provider, retry: { baseDelayMs: 1 } });
        const { text, metrics } = await chain.stream({ messages }).result();
        expect(text).toBe('Hello 世界');
        expect(metrics).toMatchObject({ attempts: 3, calls: 1 });
      },
    );
  });

  test('leaving the tokens closes the socket', async () => {
    await withServer(endless, async ({ server, provider }) => {
      for await (const text of new Chain({ provider }).stream({ messages }).tokens()) {
        expect(text).toBe('one');
        break;
      }
      expect(await server.served[0]?.closed).toBe(false);
    });
  });

  test('a host that falls silent is given up, and its socket closed', async () => {
    await withServer(endless, async ({ server, provider }) => {
      const chain = new Chain({ provider, retry: { maxRetries: 0 }, timeouts: { idleMs: 30 } });
      await expect(chain.stream({ messages }).result()).rejects.toMatchObject({
        code: 'timeout',
        retryable: true,
      });
      expect(await server.served[0]?.closed).toBe(false);
    });
  });
});
