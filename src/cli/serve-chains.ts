import { isKatamariError, KatamariError } from '../errors.ts';
import { requestLog } from '../log/request-log.ts';
import { defaultServerOptions } from '../node/default-server.ts';
import { serve } from '../node/serve.ts';
import type { PrometheusObserver } from '../prometheus/prometheus.ts';
import { createHandler } from '../server/create-handler.ts';
import { print, tell } from './output.ts';
import { sharedLog } from './shared-log.ts';
import { closeAtSignal } from './until-signal.ts';

/** What `katamari serve` and `katamari dev` are told. */
export interface ServeCommandOptions {
  readonly port: number;
  readonly host?: string;
  readonly personas?: string;
}

/** Serves chains over HTTP until a signal comes. */
export async function serveChains({ port, host, personas }: ServeCommandOptions): Promise<void> {
  // A full disk, or a reader of the log that is gone, costs lines and not the service.
  for (const stream of [process.stdout, process.stderr])
    stream.removeAllListeners('error').on('error', () => undefined);
  const metrics = await metricsIfThere();
  const redisUrl = process.env['KATAMARI_REDIS_URL'] ?? '';
  const shared = redisUrl === '' ? undefined : await sharedLog(redisUrl);
  const end = new AbortController();
  const options = await defaultServerOptions({
    observers: [requestLog(process.stderr), ...(metrics === undefined ? [] : [metrics])],
    ...(personas !== undefined && { personas }),
    watchPersonas: {
      signal: end.signal,
      onFault: ({ message }) => {
        record({ name: 'katamari.persona', fault: message });
      },
      onMended: (file) => {
        record({ name: 'katamari.persona', mended: file });
      },
    },
  });
  const handler = createHandler({
    ...options,
    ...(shared !== undefined && { log: shared.log }),
    ...(metrics !== undefined && { metrics }),
    access: record,
    onError: (error, req_id) => {
      const what = isKatamariError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      record({ name: 'katamari.error', req_id, error: what });
    },
  });
  const server = await serve(handler, { port, ...(host !== undefined && { hostname: host }) });
  closeAtSignal(async () => {
    // Not waited for: who reads it may be gone.
    process.stdout.write('closing: runs under way come to their end\n');
    end.abort();
    await server.close();
    await shared?.close();
  });
  await print(
    `katamari listens at ${server.url} (${options.auth === 'none' ? 'no key needed' : 'with keys'})\n`,
  );
}

function record(line: object): void {
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** Its package is an optional peer. */
async function metricsIfThere(): Promise<PrometheusObserver | undefined> {
  try {
    const { prometheus } = await import('../prometheus/prometheus.ts');
    return prometheus();
  } catch (error) {
    if (error instanceof KatamariError) throw error;
    tell('There is no GET /metrics: it needs `npm i prom-client`.', 'yellow');
    return undefined;
  }
}
