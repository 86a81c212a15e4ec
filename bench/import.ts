/**
 * What importing an entry point costs over an empty process: CPU time and memory, medians over interleaved processes.
 * Usage: npm run build && node bench/import.ts [runs]
 */
import { execFileSync } from 'node:child_process';

const runs = Number(process.argv[2] ?? 15);
const entries = [
  '',
  '.',
  'openai-compatible',
  'openai',
  'local',
  'persona',
  'node',
  'trim',
  'tokens',
  'testing',
];

interface Cost {
  readonly cpuMs: number;
  readonly rssMB: number;
}

/** One process that imports one thing and tells what it used. */
function measure(entry: string): Cost {
  const specifier = entry === '.' ? 'katamari' : `katamari/${entry}`;
  const load = entry === '' ? '' : `await import(${JSON.stringify(specifier)});`;
  const program = `${load} const { user, system } = process.cpuUsage();
    console.log(JSON.stringify({ cpuMs: (user + system) / 1000, rssMB: process.memoryUsage().rss / 2 ** 20 }));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }),
  ) as Cost;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const costs = new Map(entries.map((entry) => [entry, [] as Cost[]]));
for (let run = 0; run < runs; run++) for (const entry of entries) costs.get(entry)?.push(measure(entry));

const figure = (entry: string, key: keyof Cost): number =>
  median((costs.get(entry) ?? []).map((cost) => cost[key]));
console.log(
  `import, over an empty process (${figure('', 'cpuMs').toFixed(1)} ms CPU, ${figure('', 'rssMB').toFixed(1)} MB), ${runs} runs each`,
);
for (const entry of entries.slice(1)) {
  const cpu = figure(entry, 'cpuMs') - figure('', 'cpuMs');
  const rss = figure(entry, 'rssMB') - figure('', 'rssMB');
  const name = entry === '.' ? 'katamari' : `katamari/${entry}`;
  console.log(`${name.padEnd(28)} ${cpu.toFixed(1).padStart(7)} ms CPU  ${rss.toFixed(1).padStart(6)} MB`);
}
