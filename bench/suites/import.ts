import { execFileSync } from 'node:child_process';

import { medianOf } from '../harness/statistics.ts';
import { atMost, figure, type Suite } from '../harness/table.ts';

interface Cost {
  readonly cpuMs: number;
  readonly rssMB: number;
}

/** The smallest package there is to stream with: what finding and opening any package costs. */
const LEAST = 'eventsource-parser';

const OWN = [
  'katamari',
  'katamari/openai',
  'katamari/openai-compatible',
  'katamari/anthropic',
  'katamari/google',
  'katamari/local',
  'katamari/trim',
  'katamari/tokens',
  'katamari/persona',
  'katamari/sse',
  'katamari/server',
  'katamari/node',
];

const PEERS = [
  'openai',
  '@langchain/openai',
  '@earendil-works/pi-ai',
  '@tanstack/ai',
  '@openai/agents',
  'ai',
  '@mastra/core/agent',
  'llamaindex',
  '@context-chef/core',
];

/** What importing costs over an empty process. */
export const imports: Suite = ({ quick }) => {
  const names = ['', LEAST, ...OWN, ...PEERS];
  const costs = new Map(names.map((name) => [name, [] as Cost[]]));
  for (let round = 0; round < (quick ? 3 : 11); round += 1)
    for (const name of names) costs.get(name)?.push(costOf(name));
  const over = (name: string, of: (cost: Cost) => number): number =>
    medianOf((costs.get(name) ?? []).map(of)) - medianOf((costs.get('') ?? []).map(of));
  const cpu = (name: string): number => over(name, ({ cpuMs }) => cpuMs);
  const memory = (name: string): number => over(name, ({ rssMB }) => rssMB);
  return Promise.resolve([
    {
      title: 'Import',
      about:
        'CPU time and resident memory of a process that imports one thing, over one that imports nothing; medians of interleaved processes.',
      columns: ['', 'CPU, ms', 'memory, MB'],
      rows: names.slice(1).map((name) => [name, figure(cpu(name)), figure(memory(name))]),
      bars: [
        atMost('import of katamari, CPU', 8, cpu('katamari'), ' ms'),
        atMost('import of katamari, memory', 4, memory('katamari'), ' MB'),
      ],
    },
  ]);
};

function costOf(name: string): Cost {
  const load = name === '' ? '' : `await import(${JSON.stringify(name)});`;
  const program = `${load} const { user, system } = process.cpuUsage();
    console.log('\\n' + JSON.stringify({ cpuMs: (user + system) / 1000, rssMB: process.memoryUsage().rss / 2 ** 20 })); process.exit(0);`;
  const cwd = new URL('..', import.meta.url);
  const options = {
    encoding: 'utf8' as const,
    cwd,
    stdio: ['ignore' as const, 'pipe' as const, 'ignore' as const],
  };
  const printed = execFileSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '-e', program],
    options,
  );
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Cost;
}
