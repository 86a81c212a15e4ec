/* The server under soak, in a process of its own. Started by run-soak.ts. */
import { constants, PerformanceObserver } from 'node:perf_hooks';

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

/** What lived after each full collection. One that is asked for would stop the server for a fifth of a second, and the latency is measured. */
const liveBytes: number[] = [];
new PerformanceObserver((list) => {
  const entries = list.getEntries() as { readonly detail?: { readonly kind?: number } }[];
  if (!entries.some(({ detail }) => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR)) return;
  const { heapUsed, external } = process.memoryUsage();
  liveBytes.push(heapUsed + external);
}).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  const { rss } = process.memoryUsage();
  process.send?.({ liveBytes, rss, cpuMs: process.cpuUsage().user / 1000 });
});
process.on('disconnect', () => process.exit());
process.send?.(server.url);
