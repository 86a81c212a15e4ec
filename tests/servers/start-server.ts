import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server saw it. */
interface ServedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The body as text. */
  readonly text: string;
  /** The body as JSON, `undefined` where it is none. */
  readonly json: unknown;
  /** Settles when the response is over: sent whole, or its socket closed. True where it had been sent whole. */
  readonly closed: Promise<boolean>;
}

export interface TestServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly served: readonly ServedRequest[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  /** Connections open now. */
  readonly openConnections: () => number;
  readonly close: () => Promise<void>;
}

export type Handler = (served: ServedRequest) => void | Promise<void>;

/** A real HTTP server on a free port of 127.0.0.1. */
export async function startServer(handler: Handler): Promise<TestServer> {
  const served: ServedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((request, response) => {
    void serve(request, response, served, handler);
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    served,
    connections: () => connections,
    openConnections: () => sockets.size,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  served: ServedRequest[],
  handler: Handler,
): Promise<void> {
  const closed = new Promise<boolean>((resolve) => {
    response.on('close', () => resolve(response.writableFinished));
  });
  response.on('error', () => response.destroy());
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const entry: ServedRequest = { request, response, text, json: parse(text), closed };
  served.push(entry);
  await handler(entry);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
