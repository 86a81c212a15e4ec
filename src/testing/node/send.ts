import type { ServerResponse } from 'node:http';

/** Begins an event stream with status 200. The headers leave at once. */
export function beginEvents(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
  response.flushHeaders();
}

/**
 * Writes, and waits until whoever reads in the same process has had the time to: writes that follow one another at once come as one read.
 */
export async function write(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.write(bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  // One turn of the event loop brings the bytes to the socket at the other end, the next one to its reader.
  await turn();
  await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** An answer with a JSON body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
