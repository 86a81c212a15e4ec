/* The server under soak, in a process of its own. Started by run-soak.ts. */
import { Chain } from 'katamari';
import { serve } from 'katamari/node';
import { openaiCompatible } from 'katamari/openai-compatible';
import { prometheus } from 'katamari/prometheus';
import { createHandler } from 'katamari/server';
import { memoryEventLog } from 'katamari/sse';

import { MOODY_MODEL, settingsOf } from './settings.ts';

const { readers, retryMs } = settingsOf(process.argv[2]);
const baseURL = process.argv[3] ?? '';
const metrics = prometheus();
const handler = createHandler({
  chains: {
    default: ({ model = MOODY_MODEL }) => {
      const provider = openaiCompatible({
        name: 'soak',
        baseURL: `${baseURL}/v1`,
        model,
        retry: { baseDelayMs: retryMs },
        timeouts: { firstTokenMs: 30_000, idleMs: 2000 },
      });
      return new Chain({ provider, observers: [metrics] });
    },
  },
  auth: 'none',
  metrics,
  runs: { maxRuns: readers + 50 },
  // Ended runs go after a while, so that what is kept does not grow through the minute and hide a leak.
  log: memoryEventLog({ keepMs: 15_000, maxRuns: 100_000, maxBytes: 512 * 1024 * 1024 }),
});
const server = await serve(handler, { port: 0 });

process.on('message', () => {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ liveBytes: heapUsed + external, rss, cpuMs: process.cpuUsage().user / 1000 });
});
process.on('disconnect', () => process.exit());
process.send?.(server.url);
