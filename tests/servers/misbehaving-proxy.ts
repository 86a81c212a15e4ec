import { request as httpRequest, type IncomingMessage } from 'node:http';

import { startServer, type TestServer } from './start-server.ts';

/** What a proxy does to streams: it holds them back until they are whole, or cuts them after so many milliseconds. */
export type ProxyHabit = 'buffers' | { readonly cutsAfterMs: number };

/** A proxy on loopback in front of the server at `target`, such as an operator has and does not see. */
export function startProxy(target: string, habit: ProxyHabit): Promise<TestServer> {
  return startServer(({ request, response, text }) => {
    const { method = 'GET', headers, url = '/' } = request;
    const host = new URL(target).host;
    const onward = httpRequest(`${target}${url}`, { method, headers: { ...headers, host } }, (answer) => {
      if (habit === 'buffers') {
        void whole(answer).then((body) =>
          response.writeHead(answer.statusCode ?? 502, answer.headers).end(body),
        );
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      setTimeout(() => response.destroy(), habit.cutsAfterMs);
      response.once('close', () => answer.destroy());
    });
    onward.on('error', () => response.destroy());
    onward.end(text);
  });
}

async function whole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
