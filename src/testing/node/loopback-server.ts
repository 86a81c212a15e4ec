import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as the server saw it, and the way to answer it. */
export interface Exchange {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body. */
  readonly text: string;
  readonly response: ServerResponse;
  /** Settles when the exchange is over. True where the answer had been sent whole, false where the socket closed before. */
  readonly closed: Promise<boolean>;
}

/** Answers one request. What it throws ends the connection. */
export type Reply = (exchange: Exchange) => void | Promise<void>;

/** A real HTTP server on a free port of 127.0.0.1. */
export interface LoopbackServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** The request with that number, counted from 1, once it has come. */
  arrival(number: number): Promise<Exchange>;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Starts a {@link LoopbackServer}. */
export async function startLoopbackServer(reply: Reply): Promise<LoopbackServer> {
  const exchanges: Exchange[] = [];
  const waiting = new Map<number, (exchange: Exchange) => void>();
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const closed = new Promise<boolean>((resolve) => {
      response.on('close', () => {
        resolve(response.writableFinished);
      });
    });
    response.on('error', () => response.destroy());
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => response.destroy());
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const text = Buffer.concat(chunks).toString('utf8');
      const exchange = { number: exchanges.length + 1, method, url, headers, text, response, closed };
      exchanges.push(exchange);
      waiting.get(exchange.number)?.(exchange);
      answer(exchange, reply).catch(() => response.destroy());
    });
  });
  server.on('connection', (socket) => {
    // Each write is to be a read of its own at the other end.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', 1024, resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    arrival(number) {
      const come = exchanges[number - 1];
      if (come !== undefined) return Promise.resolve(come);
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function answer(exchange: Exchange, reply: Reply): Promise<void> {
  await reply(exchange);
}
