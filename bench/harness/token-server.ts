import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Protocol } from '../../src/testing/wire-answer.ts';
import { providerWrites } from './provider-events.ts';
import { wordOf, writesOf, type Noise } from './token-events.ts';

/*
 * Answers every POST with the same text. `tokens` and `batch` in the query, or in the first step of the path for clients that allow no query,
 * say how many tokens, and how many events a socket write holds; `protocol` says whose words, a chat completion where there is none; `pauseMs`
 * waits between writes; `size` makes each token as many characters long, for answers that are larger than a heap. Run as a process of its own, so that its work is not counted; sends its port to the parent.
 */

const cache = new Map<string, Buffer[]>();

function writesFor(query: URLSearchParams): Buffer[] {
  const [tokens, batch] = [Number(query.get('tokens') ?? 2000), Number(query.get('batch') ?? 16)];
  const protocol = query.get('protocol');
  if (protocol !== null) return providerWrites(protocol as Protocol, tokens, batch);
  return writesOf(tokens, batch, (query.get('noise') ?? 'none') as Noise);
}

/** An answer that nobody keeps as a whole: the same event again and again, as fast as it is read. */
function* longAnswer(tokens: number, size: number): Generator<Buffer, undefined> {
  const [event = Buffer.alloc(0), ...ending] = writesOf(1, 1);
  const long = Buffer.from(
    String(event).replace(JSON.stringify(wordOf(0)), JSON.stringify('x'.repeat(size))),
  );
  for (let index = 0; index < tokens; index += 1) yield long;
  yield* ending;
  return undefined;
}

const server = createServer((request, response) => {
  const { searchParams, pathname } = new URL(request.url ?? '/', 'http://localhost');
  const query = searchParams.has('tokens') ? searchParams : new URLSearchParams(pathname.split('/')[1]);
  const key = query.toString();
  const size = query.get('size');
  const writes = cache.get(key) ?? (size === null ? writesFor(query) : []);
  cache.set(key, writes);
  const events: Iterator<Buffer, undefined> =
    size === null ? writes.values() : longAnswer(Number(query.get('tokens')), Number(size));
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const pauseMs = Number(query.get('pauseMs') ?? 0);
  // One write per turn of the loop: each arrives as a read of its own.
  const step = (): void => {
    const bytes = events.next().value;
    if (response.destroyed) return;
    if (bytes === undefined) response.end();
    else if (pauseMs === 0) response.write(bytes, () => setImmediate(step));
    else response.write(bytes, () => setTimeout(step, pauseMs));
  };
  step();
});
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
