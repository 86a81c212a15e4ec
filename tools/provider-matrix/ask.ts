import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isKatamariError } from '../../src/errors.ts';
import type { ChainEvent } from '../../src/event.ts';
import type { ChatRequest } from '../../src/request.ts';
import { encodeAnswer } from '../../src/testing/encode-answer.ts';
import { runContext } from '../../src/testing/run-context.ts';
import type { WireAnswer } from '../../src/testing/wire-answer.ts';
import type { Adapter } from './adapters.ts';

/** What became of one request. */
export interface Exchange {
  /** The body that arrived at the host; empty where none did. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What the provider answered with, and what it said beside it. */
  readonly events: readonly ChainEvent[];
  readonly isRefused: boolean;
}

const hello: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] };
const answer: WireAnswer = { text: ['Hel', 'lo'], usage: { token_in: 9, token_out: 2 } };

/** Sends a request through the adapter to a server of this process, and reads the answer. A request that the adapter refuses arrives nowhere. */
export async function ask(
  adapter: Adapter,
  request: Partial<ChatRequest> = {},
  said: WireAnswer = answer,
): Promise<Exchange> {
  let text = '{}';
  const bytes = encodeAnswer(adapter.protocol, said);
  const server = createServer((incoming, response) => {
    text = '';
    incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    incoming.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(bytes);
    });
  });
  const root = await listen(server);
  const events: ChainEvent[] = [];
  let isRefused = false;
  try {
    const provider = adapter.make({ baseURL: `${root}${adapter.basePath}`, apiKey: 'key' });
    const context = runContext(provider, { emit: (event) => events.push(event) });
    for await (const batch of provider.generate({ ...hello, ...request }, context)) events.push(...batch);
  } catch (error) {
    if (!isKatamariError(error) || error.code !== 'invalid-input') throw error;
    isRefused = true;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return { body: JSON.parse(text) as Exchange['body'], events, isRefused };
}

/** Whether the first token comes while the host still holds back the rest. */
export async function isStreaming(adapter: Adapter): Promise<boolean> {
  const bytes = encodeAnswer(adapter.protocol, answer);
  const half = Buffer.from(bytes).indexOf('"lo"');
  let goOn = (): void => undefined;
  const server = createServer((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(bytes.subarray(0, half));
    goOn = () => response.end(bytes.subarray(half));
  });
  const root = await listen(server);
  const provider = adapter.make({ baseURL: `${root}${adapter.basePath}`, apiKey: 'key' });
  const texts: string[] = [];
  try {
    const context = runContext(provider, { signal: AbortSignal.timeout(5000) });
    for await (const batch of provider.generate(hello, context)) {
      for (const event of batch) if (event.type === 'token') texts.push(event.text);
      if (texts.length > 0) goOn();
    }
    return texts.join('') === 'Hello';
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Where the adapter goes by itself, and with which headers, when the environment holds nothing but this variable. */
export async function defaultsOf(
  adapter: Adapter,
  variable?: string,
): Promise<{ readonly url: string; readonly headers: string }> {
  const before = { ...process.env };
  try {
    for (const name of Object.keys(process.env))
      if (/_(?:API_KEY|BASE_URL)$/.test(name)) delete process.env[name];
    if (variable !== undefined) process.env[variable] = 'the-key';
    let seen = { url: '', headers: '' };
    const provider = adapter.make({
      fetch: (url, init) => {
        seen = { url, headers: JSON.stringify([...new Headers(init.headers)]) };
        return Promise.resolve(new Response(encodeAnswer(adapter.protocol, answer)));
      },
    });
    for await (const _ of provider.generate(hello, runContext(provider)));
    return seen;
  } finally {
    Object.assign(process.env, before);
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
