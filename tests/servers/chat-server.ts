import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers every chat request with the same text. */
export interface ChatServer {
  /** To be used as a base URL, ends in `/v1`. */
  readonly url: string;
  /** Bodies of the requests that came. */
  readonly requests: readonly { readonly model: string; readonly messages: readonly unknown[] }[];
  close(): Promise<void>;
}

/**
 * Starts one on a free port. Every request gets the same text, word by word.
 *
 * @param holdsAfter - so many words, and then nothing more comes, and no end. @defaultValue it never does
 */
export async function startChatServer(text: string, holdsAfter = Infinity): Promise<ChatServer> {
  const requests: { model: string; messages: unknown[] }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      requests.push(JSON.parse(body) as { model: string; messages: unknown[] });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const words = text.split(/(?<=\s)/);
      for (const content of words.slice(0, holdsAfter))
        response.write(chunk({ choices: [{ index: 0, delta: { content } }] }));
      if (holdsAfter < words.length) return;
      response.write(chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }));
      response.write(
        chunk({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 } }),
      );
      response.end('data: [DONE]\n\n');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function chunk(data: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'house-model', ...data })}\n\n`;
}
