/*
 * A host to be killed: a server over a RunHost whose log is in Redis. Prints its port.
 *
 *   node --conditions=@katamari/source tests/servers/redis-host.ts <redis url> <tokens>
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { createClient } from '@redis/client';
import { Chain, isKatamariError } from 'katamari';
import { redisEventLog } from 'katamari/redis';
import { RunHost, toSSEResponse } from 'katamari/sse';
import { scriptedProvider } from 'katamari/testing';

const [url = '', tokens = '1000'] = process.argv.slice(2);
const client = createClient({ url });
client.on('error', () => undefined);
await client.connect();
const host = new RunHost({ log: redisEventLog({ client, heartbeatMs: 100, deadMs: 500 }) });
const text = Array.from({ length: Number(tokens) }, (_, index) => `${index} `);
const chain = new Chain({ provider: scriptedProvider([{ text, delayMs: 2 }]) });

async function answer(method: string, path: string, after: number): Promise<Response> {
  if (method === 'POST') {
    const run = chain.stream({ messages: [{ role: 'user', content: 'Count.' }] });
    await host.start(run);
    const headers = { 'content-location': `/runs/${run.req_id}/events`, 'x-request-id': run.req_id };
    return toSSEResponse(await host.events(run.req_id), { headers });
  }
  return toSSEResponse(await host.events(path.split('/')[2] ?? '', { after }));
}

const server = createServer((request, response) => {
  const after = Number(request.headers['last-event-id'] ?? 0);
  answer(request.method ?? '', request.url ?? '', after)
    .then(({ status, headers, body }) => {
      response.writeHead(status, Object.fromEntries(headers));
      const stream = Readable.fromWeb(body as ReadableStream);
      response.on('close', () => stream.destroy());
      stream.on('error', () => response.destroy()).pipe(response);
    })
    .catch((error: unknown) => {
      const { code, message, retryable } = isKatamariError(error)
        ? error
        : { code: 'unknown', message: '', retryable: false };
      response.writeHead(404).end(JSON.stringify({ error: { code, message, retryable } }));
    });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
