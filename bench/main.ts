/** Runs every benchmark, one after the other, so that none disturbs another: `npm run bench`. */
import { spawnSync } from 'node:child_process';

const suites: readonly (readonly [title: string, file: string, ...parameters: string[]])[] = [
  ['CPU per streamed token', 'bench/stream.ts'],
  ['CPU per token by provider, and heap of a thousand streams', 'bench/provider-cpu.ts'],
  ['CPU per token over server-sent events, and through a host', 'bench/sse.ts'],
  ['Import', 'bench/import.ts'],
  ['Cost of a trim', 'bench/trim.ts'],
  ['Evidence kept by a trim', 'bench/evidence.ts'],
  ['Estimated tokens', 'bench/estimator.ts'],
];

for (const [title, ...parameters] of suites) {
  console.log(`\n## ${title}\n`);
  const { status } = spawnSync(process.execPath, ['--conditions=@katamari/source', ...parameters], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
