import { fork } from 'node:child_process';

import { atLeast, figure, type Table } from '../harness/table.ts';

export const BUDGET_TOKENS = 4096;
/** One call may take as long, in milliseconds. */
export const MOST_MS = 60_000;
/** Calls of which the median is taken, where the first takes less than a second. */
export const CALLS = 15;

/** What a peer's process is asked for. */
export interface CostTask {
  readonly name: string;
  /** Lengths of histories, in messages. */
  readonly sizes: readonly number[];
}

const NAMES = [
  'katamari `relevant`',
  '… `measureFacts: false`',
  'katamari `recent`',
  'LangChain, exact counter',
  '… with a counter that remembers',
  'Mastra best-fit',
  'LlamaIndex',
  'ContextChef',
  'AI SDK prune',
];

/** The time of one call, cold: no peer has seen the messages before. Each peer in a process of its own. */
export async function cost(sizes: readonly number[]): Promise<Table> {
  const medians = new Map<string, readonly number[]>();
  for (const name of NAMES) medians.set(name, await mediansOf({ name, sizes }));
  const at1000 = (name: string): number => medians.get(name)?.[sizes.indexOf(1000)] ?? Number.NaN;
  const times = at1000('LangChain, exact counter') / at1000('katamari `relevant`');
  return {
    title: 'Trim: what it costs',
    about: `One call in milliseconds: messages of about 60 tokens that were not seen before, a budget of ${BUDGET_TOKENS}; medians of ${CALLS} where it takes under a second, the first where it takes longer.`,
    columns: ['messages', ...sizes.map(String)],
    rows: Array.from(medians, ([name, own]) => [name, ...own.map(cellOf)]),
    bars: [atLeast('1,000 messages: LangChain with an exact counter to katamari', 1000, times)],
    notes: [
      'LangChain counts the whole list anew for every message it takes away: the time grows with the square of the length. A counter that remembers sizes helps.',
      "katamari measures `fact_retention` in histories of up to 400,000 characters; none of the others measures what is lost. Mastra counts with a cheap estimate, ContextChef's summary is a fixed sentence here, and the AI SDK knows no budget.",
    ],
  };
}

function cellOf(ms: number): string {
  return ms >= MOST_MS ? `over ${MOST_MS}` : figure(ms);
}

function mediansOf(task: CostTask): Promise<readonly number[]> {
  const child = fork(new URL('cost-process.ts', import.meta.url), { execArgv: ['--no-warnings'] });
  return new Promise<readonly number[]>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${task.name} ended before it was measured`)));
    child.once('message', (reply: { readonly medians: readonly number[] } | { readonly error: string }) => {
      if ('error' in reply) reject(new Error(`${task.name}: ${reply.error}`));
      else resolve(reply.medians);
    });
    child.send(task);
  }).finally(() => child.kill('SIGKILL'));
}
