import type { ChainEvent } from '../../event.ts';
import type { Provider, RunContext } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import { runContext } from '../run-context.ts';
import { asFailure, failed } from './expect-equal.ts';
import { startLoopbackServer, type LoopbackServer, type Reply } from './loopback-server.ts';

/** Where an adapter under test finds its host. */
export interface ConformancePlace {
  /** Root of the server, for example `http://127.0.0.1:40123`. It answers on every path below. */
  readonly baseURL: string;
  /** A key to be sent, which must show nowhere else. */
  readonly apiKey: string;
}

/** How a check sets its scene. */
export interface SceneSetup {
  readonly provider: (place: ConformancePlace) => Provider;
  readonly request: ChatRequest;
  /** In milliseconds. */
  readonly timeoutMs: number;
}

/** A server, an adapter that talks to it, and a run to call it in. */
export interface Scene {
  readonly server: LoopbackServer;
  readonly provider: Provider;
  readonly apiKey: string;
  readonly context: RunContext;
  /** Aborts the context's signal. */
  readonly controller: AbortController;
  readonly request: ChatRequest;
  /** One call of the adapter. */
  readonly ask: (request?: ChatRequest) => AsyncIterable<readonly ChainEvent[]>;
}

/** Runs a check between a server and an adapter, in bounded time; nothing is left open behind it. */
export async function withScene(
  { provider: make, request, timeoutMs }: SceneSetup,
  reply: Reply,
  check: (scene: Scene) => Promise<void>,
): Promise<void> {
  const server = await startLoopbackServer(reply);
  const apiKey = `test-key-${Math.random().toString(36).slice(2)}-0123456789`;
  const provider = make({ baseURL: server.url, apiKey });
  const controller = new AbortController();
  const context = runContext(provider, { signal: controller.signal });
  const ask = (own: ChatRequest = request): AsyncIterable<readonly ChainEvent[]> =>
    provider.generate(own, context);
  try {
    await inTime(check({ server, provider, apiKey, context, controller, request, ask }), timeoutMs);
  } catch (error) {
    throw asFailure(error);
  } finally {
    controller.abort();
    await server.close();
  }
}

async function inTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(failed('the check', `an end within ${timeoutMs} ms`, 'it hangs'));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
