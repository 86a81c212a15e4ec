import { defaultServerOptions, type DefaultServerOptions } from './default-server.ts';
import type { FetchHandler } from './node-listener.ts';
import { playgroundFiles } from './playground-files.ts';
import { serve, type Listening, type ServeOptions } from './serve.ts';
import type { WatchPersonasOptions } from './watch-personas.ts';

/** How the playground is served. */
export interface ServeDevOptions extends ServeOptions, Omit<DefaultServerOptions, 'watchPersonas'> {
  /**
   * The API beside the playground, for example `createHandler({ … })` of `katamari/server`.
   *
   * @defaultValue a server of {@link defaultServerOptions}, without keys, for the names of this machine only
   */
  readonly api?: FetchHandler;
  /** Who is told while the personas of the default API are followed, which they are until the server is closed. @defaultValue nobody */
  readonly watchPersonas?: Omit<WatchPersonasOptions, 'signal'>;
  /** Where the built playground is. @defaultValue in the package */
  readonly assets?: string;
}

/** A pace at which a person can watch the embedded default write, in tokens per second. */
const WATCHABLE = 240;

/**
 * Serves the playground, and the API that it talks to, at one address.
 *
 * The API's provider keys are those of the environment, and whoever reaches the address can use them: without an `api` of your own it
 * answers to `localhost`, `127.0.0.1` and `[::1]` only, whatever interface it listens at.
 *
 * @example const { url } = await serveDev({ port: 8787 });
 * @throws KatamariError code `invalid-input` where the playground has not been built, for a wrong setting, and where the address is taken
 */
export async function serveDev(options: ServeDevOptions = {}): Promise<Listening> {
  const { api, assets, port, hostname } = options;
  const end = new AbortController();
  try {
    const files = await playgroundFiles(assets);
    const handler = besidePlayground(api ?? (await defaultApi(options, end.signal)), files, end);
    return await serve(handler, {
      ...(port !== undefined && { port }),
      ...(hostname !== undefined && { hostname }),
    });
  } catch (error) {
    end.abort();
    throw error;
  }
}

async function defaultApi(
  { watchPersonas, ...options }: ServeDevOptions,
  signal: AbortSignal,
): Promise<FetchHandler> {
  const { createHandler } = await import('../server/create-handler.ts');
  return createHandler({
    ...(await defaultServerOptions({
      localTokensPerSecond: WATCHABLE,
      ...options,
      watchPersonas: { ...watchPersonas, signal },
    })),
    // The page has no key to show; who may call is said by the names alone.
    auth: 'none',
    hostnames: ['localhost', '127.0.0.1', '[::1]'],
  });
}

/** @param end - aborted when the server is closed */
function besidePlayground(
  api: FetchHandler,
  files: Awaited<ReturnType<typeof playgroundFiles>>,
  end: AbortController,
): FetchHandler {
  const { close: closeApi } = api as { close?: (options: { timeoutMs: number }) => Promise<unknown> };
  const handler = (request: Request): Response | Promise<Response> => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const file = isRead ? files(new URL(request.url).pathname) : undefined;
    return file ?? api(request);
  };
  const close = async (closing: { timeoutMs: number }): Promise<void> => {
    end.abort();
    await closeApi?.(closing);
  };
  return Object.assign(handler, { close });
}
