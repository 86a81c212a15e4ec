/*
 * 500 readers for a minute, who drop their connections and come back, over a provider that cuts, stalls and rate-limits:
 *
 *   npm run test:soak -- [--readers 500] [--seconds 60] [--seed 1] [--pace 500]
 *
 * Prints a table, and ends with exit code 1 where a bar was missed.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { runSoak } from './run-soak.ts';
import { latency, soundness } from './verdicts.ts';

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    pace: { type: 'string', default: '500' },
  },
});
const [readers, seconds, seed, paceMs] = [values.readers, values.seconds, values.seed, values.pace].map(
  Number,
) as [number, number, number, number];
const load = (): string => loadavg()[0]?.toFixed(1) ?? '-';

const before = load();
const result = await runSoak({ readers, seconds, seed, paceMs, tokens: 20, firstTokenMs: 50, retryMs: 1000 });
const verdicts = [...soundness(result), ...latency(result)];
const width = Math.max(...verdicts.map(({ what }) => what.length));
console.log(`${readers} readers, ${seconds} s, a token each ${paceMs} ms, seed ${seed}`);
console.log(
  `${availableParallelism()} cores, load ${before} before and ${load()} after, Node ${process.version}\n`,
);
for (const { what, value, bar, ok } of verdicts)
  console.log(`${what.padEnd(width)}  ${value}${ok === null ? '' : `  ${ok ? 'ok' : 'MISSED'} (${bar})`}`);
if (result.readers.failed > 0) console.log(`failed with ${JSON.stringify(result.readers.codes)}`);
if (verdicts.some(({ ok }) => ok === false)) process.exitCode = 1;
