/**
 * A server on the embedded default: `npm run serve`, or `npm run serve -- --port 8080 --host 0.0.0.0 --personas FOLDER`. One line of access
 * log and one of the run's figures go to stderr for each request. With `KATAMARI_REDIS_URL` the events of runs are kept there, for several hosts.
 */
import { parseArgs } from 'node:util';

import { isKatamariError, requestLog } from 'katamari';
import { defaultServerOptions, serve } from 'katamari/node';
import { prometheus } from 'katamari/prometheus';
import { createHandler } from 'katamari/server';

import { sharedLog } from './shared-log.ts';

async function main(): Promise<void> {
  // A full disk, or a reader of the log that is gone, costs lines and not the service.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, personas: { type: 'string' } },
  });
  const metrics = prometheus();
  const redisUrl = process.env['KATAMARI_REDIS_URL'] ?? '';
  const shared = redisUrl === '' ? undefined : await sharedLog(redisUrl);
  const end = new AbortController();
  const options = await defaultServerOptions({
    observers: [requestLog(process.stderr), metrics],
    ...(values.personas !== undefined && { personas: values.personas }),
    watchPersonas: {
      signal: end.signal,
      onFault: ({ message }) =>
        process.stderr.write(`${JSON.stringify({ name: 'katamari.persona', fault: message })}\n`),
      onMended: (file) =>
        process.stderr.write(`${JSON.stringify({ name: 'katamari.persona', mended: file })}\n`),
    },
  });
  const handler = createHandler({
    ...options,
    ...(shared !== undefined && { log: shared.log }),
    metrics,
    access: (record) => process.stderr.write(`${JSON.stringify(record)}\n`),
    onError: (error, req_id) => {
      const what = isKatamariError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
      process.stderr.write(`${JSON.stringify({ name: 'katamari.error', req_id, error: what })}\n`);
    },
  });
  const server = await serve(handler, {
    port: Number(values.port ?? process.env['PORT'] ?? 8787),
    ...(values.host !== undefined && { hostname: values.host }),
  });
  const { auth } = options;
  process.stdout.write(
    `katamari listens at ${server.url} (${auth === 'none' ? 'no key needed' : 'with keys'})\n`,
  );
  const stop = (): void => {
    process.stdout.write('closing: runs under way come to their end\n');
    end.abort();
    void server.close().then(() => shared?.close());
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const message = isKatamariError(error) ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
});
