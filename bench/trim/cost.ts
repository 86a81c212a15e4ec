import { fork } from 'node:child_process';
import { once } from 'node:events';

import { medianOf } from '../harness/statistics.ts';
import { atLeast, figure, type Table } from '../harness/table.ts';
import { costPeers } from './cost-peers.ts';

export const BUDGET_TOKENS = 4096;
/** One call may take as long, in milliseconds. */
export const MOST_MS = 60_000;
/** Calls of which the median is taken, where the first takes less than a second. */
export const CALLS = 15;
/** So often the two are compared whose ratio is to be known. */
const TURNS = 9;

/** What a peer's process is asked for. */
export interface CostTask {
  readonly name: string;
  /** Lengths of histories, in messages. */
  readonly sizes: readonly number[];
}

/** The time of one call, cold: no peer has seen the messages before. Each peer in a process of its own. */
export async function cost(sizes: readonly number[]): Promise<Table> {
  const medians = new Map<string, readonly number[]>();
  for (const name of Object.keys(costPeers)) {
    const peer = new PeerProcess(name);
    medians.set(name, await peer.medians(sizes).finally(() => peer.stop()));
  }
  const times = await ratioAt(1000);
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

/**
 * How many times as long LangChain takes as katamari, in turns: a machine's speed changes from second to second. Each of LangChain's times is
 * compared with the mean of katamari's before and after it.
 */
async function ratioAt(size: number): Promise<number> {
  const [own, other] = [new PeerProcess('katamari `relevant`'), new PeerProcess('LangChain, exact counter')];
  const ratios: number[] = [];
  try {
    let [before = Number.NaN] = await own.medians([size]);
    for (let turn = 0; turn < TURNS; turn += 1) {
      const [theirs = Number.NaN] = await other.medians([size]);
      const [after = Number.NaN] = await own.medians([size]);
      ratios.push(theirs / ((before + after) / 2));
      before = after;
    }
  } finally {
    own.stop();
    other.stop();
  }
  return medianOf(ratios);
}

class PeerProcess {
  readonly #name: string;
  readonly #child = fork(new URL('cost-process.ts', import.meta.url), { execArgv: ['--no-warnings'] });

  constructor(name: string) {
    this.#name = name;
  }

  /** Of histories of each length, in milliseconds. */
  medians(sizes: readonly number[]): Promise<readonly number[]> {
    const over = new AbortController();
    const { signal } = over;
    const exited = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error(`${this.#name} ended before it was measured`);
    });
    const replied = once(this.#child, 'message', { signal }).then(([reply]) => {
      const { medians, error } = reply as { readonly medians?: readonly number[]; readonly error?: string };
      if (medians === undefined) throw new Error(`${this.#name}: ${error ?? 'no answer'}`);
      return medians;
    });
    this.#child.send({ name: this.#name, sizes } satisfies CostTask);
    exited.catch(() => undefined);
    return Promise.race([replied, exited]).finally(() => over.abort());
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
