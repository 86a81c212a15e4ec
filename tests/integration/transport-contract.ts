import { describe, expect, test } from 'vitest';

import type { ChainEvent } from '../../src/event.ts';
import type { FetchFunction } from '../../src/http/post-stream.ts';
import type { Provider } from '../../src/provider.ts';
import { beginSse, sendJson, write } from '../servers/respond.ts';
import { startServer, type Handler, type TestServer } from '../servers/start-server.ts';
import { collect, makeContext, textOfEvents, type TestContext } from '../support/context.ts';

/** An error body as the vendor sends it, and what it must become. */
interface RecordedError {
  readonly what: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** A vendor, for the tests that all of them pass. */
export interface Vendor {
  /** The key it is made with, which must not show. */
  readonly apiKey: string;
  readonly make: (root: string, fetch?: FetchFunction) => Provider;
  /** Path and query of the endpoint. */
  readonly url: string;
  /** The header that holds the key. */
  readonly keyHeader: readonly [name: string, value: string];
  /** Events that say one piece of text each. */
  readonly say: (text: string) => string;
  /** What stands before the first text. */
  readonly opening: string;
  /** What ends a good answer. */
  readonly ending: string;
  /** An event that reports overload in mid-stream. */
  readonly overloaded: string;
  readonly errors: readonly RecordedError[];
  /** What a failure becomes, by the name of its test, where a client in between loses or hides what the host said; `text`: what is left of the text. */
  readonly differs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Setup extends TestContext {
  readonly server: TestServer;
  readonly provider: Provider;
  readonly ask: () => AsyncIterable<readonly ChainEvent[]>;
}

/** Registers the tests that every provider passes over a real connection. */
export function testTransport(vendor: Vendor): void {
  const whole = `${vendor.opening}${vendor.say('Hello')}${vendor.say(' 世界')}${vendor.ending}`;

  async function withServer(handler: Handler, body: (setup: Setup) => Promise<void>): Promise<void> {
    await using server = await startServer(handler);
    const provider = vendor.make(server.url);
    const made = makeContext(provider);
    const ask = (): AsyncIterable<readonly ChainEvent[]> =>
      provider.generate({ messages: [{ role: 'user', content: 'こんにちは' }] }, made.context);
    await body({ ...made, server, provider, ask });
  }

  testAnswers(vendor, whole, withServer);
  testLeaving(vendor, withServer);
  testFailures(vendor, withServer);
}

type WithServer = (handler: Handler, body: (setup: Setup) => Promise<void>) => Promise<void>;

function testAnswers(vendor: Vendor, whole: string, withServer: WithServer): void {
  describe('a good answer', () => {
    test('goes to the endpoint with the key, comes whole, and leaves the connection for the next', async () => {
      await withServer(
        async ({ response }) => {
          beginSse(response);
          await write(response, vendor.opening + vendor.say('Hello'));
          await write(response, vendor.say(' 世界'));
          await write(response, vendor.ending);
          response.end();
        },
        async ({ server, ask }) => {
          for (let round = 0; round < 4; round += 1) {
            const events = await collect(ask());
            expect(textOfEvents(events)).toBe('Hello 世界');
            expect(events.at(-1)).toMatchObject({
              type: 'attempt-end',
              outcome: 'completed',
              finishReason: 'stop',
            });
          }
          expect(server.connections()).toBeLessThanOrEqual(2);
          const { request, text } = server.served[0] ?? {};
          expect(request?.url).toBe(vendor.url);
          expect(request?.headers[vendor.keyHeader[0]]).toBe(vendor.keyHeader[1]);
          expect(text).toContain('こんにちは');
          expect(text).not.toContain(vendor.apiKey);
        },
      );
    });

    test('one byte a write', async () => {
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
  });
}

function testLeaving(vendor: Vendor, withServer: WithServer): void {
  const endless: Handler = async ({ response }) => {
    beginSse(response);
    await write(response, vendor.opening + vendor.say('one'));
  };

  describe('leaving', () => {
    test('break closes the socket', async () => {
      await withServer(endless, async ({ server, ask }) => {
        for await (const batch of ask()) if (textOfEvents(batch) === 'one') break;
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

    test('a signal that is aborted already sends nothing', async () => {
      await withServer(endless, async ({ server, ask, controller }) => {
        controller.abort(new Error('never mind'));
        await expect(collect(ask())).rejects.toThrow('never mind');
        expect(server.served).toHaveLength(0);
      });
    });
  });
}

function testFailures(vendor: Vendor, withServer: WithServer): void {
  describe('failures', () => {
    test.each(vendor.errors)('$what', async ({ what, status, headers, body, expected }) => {
      await withServer(
        ({ response }) => {
          sendJson(response, status, body, headers);
        },
        async ({ ask }) => {
          const error: unknown = await collect(ask()).catch((thrown: unknown) => thrown);
          expect(error).toMatchObject(
            vendor.differs?.[what] ?? (status === 200 ? expected : { status, ...expected }),
          );
          expect(String(error)).not.toContain(vendor.apiKey);
        },
      );
    });

    test.each<readonly [what: string, handler: Handler, code: string, retryable: boolean]>([
      ['a web page with 200', ({ response }) => page(response, 200), 'malformed', false],
      ['a web page with 502', ({ response }) => page(response, 502), 'server', true],
      ['an empty error', ({ response }) => void response.writeHead(503).end(), 'overloaded', true],
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
        'a socket that is cut before the answer',
        ({ response }) => void response.destroy(),
        'connection',
        true,
      ],
    ])('%s', async (what, handler, code, retryable) => {
      await withServer(handler, async ({ ask }) => {
        await expect(collect(ask())).rejects.toMatchObject(vendor.differs?.[what] ?? { code, retryable });
      });
    });

    test.each<readonly [what: string, last: string, isCut: boolean, code: string]>([
      ['ends', '', false, 'truncated'],
      ['ends in half an event', vendor.say('x').slice(0, -20), false, 'truncated'],
      ['is cut', '', true, 'truncated'],
      ['reports an error', vendor.overloaded, false, 'overloaded'],
      ['turns to garbage', 'data: }{\n\n', false, 'malformed'],
    ])('a stream that %s: what came before is delivered first', async (what, last, isCut, code) => {
      await withServer(
        async ({ response }) => {
          beginSse(response);
          await write(response, `${vendor.opening}${vendor.say('half')}${last}`);
          if (isCut) response.destroy();
          else response.end();
        },
        async ({ ask }) => {
          const seen: ChainEvent[] = [];
          const read = async (): Promise<void> => {
            for await (const batch of ask()) seen.push(...batch);
          };
          const { text = 'half', ...expected } = vendor.differs?.[what] ?? { code, maybeAccepted: true };
          await expect(read()).rejects.toMatchObject({ ...expected, retryable: true });
          expect(textOfEvents(seen)).toBe(text);
        },
      );
    });

    test('nobody there', async () => {
      const server = await startServer(() => undefined);
      await server.close();
      const provider = vendor.make(server.url);
      const failed = collect(provider.generate({ messages: [] }, makeContext(provider).context));
      const expected = vendor.differs?.['nobody there'] ?? { maybeAccepted: false };
      await expect(failed).rejects.toMatchObject({ code: 'connection', retryable: true, ...expected });
    });
  });
}

function page(response: Parameters<typeof sendJson>[0], status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html><title>Bad Gateway</title><body>x</body></html>');
}
