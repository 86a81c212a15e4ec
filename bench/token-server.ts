import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { writesOf, type Noise } from './token-events.ts';

/*
 * Answers every POST with a chat completion. `tokens` and `batch` in the query say how many tokens, and how many events a socket write
 * holds. Run as a process of its own, so that its work is not counted; sends its port to the parent.
 */

const cache = new Map<string, Buffer[]>();

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const key = query.toString();
  const writes =
    cache.get(key) ??
    writesOf(
      Number(query.get('tokens') ?? 2000),
      Number(query.get('batch') ?? 16),
      (query.get('noise') ?? 'none') as Noise,
    );
  cache.set(key, writes);
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let next = 0;
  // One write per turn of the loop: each arrives as a read of its own.
  const step = (): void => {
    const bytes = writes[next];
    next += 1;
    if (bytes === undefined) response.end();
    else response.write(bytes, () => setImmediate(step));
  };
  step();
});
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
