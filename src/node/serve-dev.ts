import { defaultServerOptions, type DefaultServerOptions } from './default-server.ts';
import type { FetchHandler } from './node-listener.ts';
import { playgroundFiles } from './playground-files.ts';
import { serve, type Listening, type ServeOptions } from './serve.ts';

/** How the playground is served. */
export interface ServeDevOptions extends ServeOptions, DefaultServerOptions {
  /**
   * The API beside the playground, for example `createHandler({ … })` of `katamari/server`.
   *
   * @defaultValue a server of {@link defaultServerOptions}, without keys, for the names of this machine only
   */
  readonly api?: FetchHandler;
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
  const { api = await defaultApi(options), assets, port, hostname } = options;
  return serve(besidePlayground(api, await playgroundFiles(assets)), {
    ...(port !== undefined && { port }),
    ...(hostname !== undefined && { hostname }),
  });
}

async function defaultApi(options: DefaultServerOptions): Promise<FetchHandler> {
  const { createHandler } = await import('../server/create-handler.ts');
  return createHandler({
    ...(await defaultServerOptions({ localTokensPerSecond: WATCHABLE, ...options })),
    // The page has no key to show; who may call is said by the names alone.
    auth: 'none',
    hostnames: ['localhost', '127.0.0.1', '[::1]'],
  });
}

function besidePlayground(
  api: FetchHandler,
  files: Awaited<ReturnType<typeof playgroundFiles>>,
): FetchHandler {
  const { close } = api as { close?: (options: { timeoutMs: number }) => Promise<unknown> };
  const handler = (request: Request): Response | Promise<Response> => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const file = isRead ? files(new URL(request.url).pathname) : undefined;
    return file ?? api(request);
  };
  return Object.assign(handler, close && { close });
}
