import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { KatamariError } from '../errors.ts';
import { nodeListener, type FetchHandler } from './node-listener.ts';

/** Where a server listens. */
export interface ServeOptions {
  /** 0 takes one that is free. @defaultValue 8787 */
  readonly port?: number;
  /** `0.0.0.0` for all interfaces. @defaultValue `'127.0.0.1'`, this machine alone */
  readonly hostname?: string;
}

/** A server that listens. */
export interface Listening extends AsyncDisposable {
  /** For example `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly port: number;
  /**
   * Closes the server: its handler first, where that has a `close` (runs come to their end, new ones get 503), then the connections, once
   * their answers are sent. After `timeoutMs` milliseconds (30,000 if not said) runs are stopped; what has not been sent a second later is cut.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** Headers must have come by then, in milliseconds. */
const HEADERS_TIMEOUT_MS = 15_000;
/** After runs have been stopped, their last events need a moment to be sent, in milliseconds. */
const FLUSH_MS = 1000;

/**
 * Listens with Node's own HTTP server. Signals are the caller's: close it when SIGTERM comes.
 *
 * @example const server = await serve(createHandler({ chains: { default: chain }, auth: 'none' }));
 * @throws KatamariError code `invalid-input` where the address is taken or can't be used, or `port` is none
 */
export async function serve(handler: FetchHandler, options: ServeOptions = {}): Promise<Listening> {
  const { port = 8787, hostname = '127.0.0.1' } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new KatamariError('invalid-input', 'port is a number from 0 to 65535.');
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, noDelay: true },
    nodeListener(handler),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const code = 'code' in cause ? String(cause.code) : 'unknown';
      const message = `${hostname}:${port} can't be listened at (${code}). Choose another port.`;
      reject(new KatamariError('invalid-input', message, { cause }));
    });
    server.listen(port, hostname, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = async ({ timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {}): Promise<void> => {
    const { close: drain } = handler as { close?: (options: { timeoutMs: number }) => Promise<unknown> };
    await drain?.({ timeoutMs });
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, FLUSH_MS);
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeIdleConnections();
    });
    clearTimeout(cut);
  };
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${host}:${address.port}`, port: address.port, close, [Symbol.asyncDispose]: close };
}
