import { loadCounter } from '../../src/tokens/load-counter.ts';
import { RequestCounter } from '../../src/tokens/request-counter.ts';
import type { Table } from '../harness/table.ts';
import { INVARIANTS, protectedPart, tokensOfAll, type Trial } from './invariants.ts';
import type { Peer, Placed } from './peer.ts';
import { Dice, randomHistory } from './random-history.ts';

/** How much is tried. */
export interface TortureOptions {
  readonly histories: number;
  readonly seed: number;
  /** No history is begun after this, in milliseconds. */
  readonly deadlineMs: number;
}

interface Case {
  readonly history: readonly Placed[];
  readonly budgetTokens: number;
  readonly largerTokens: number;
  readonly impossibleTokens: number;
}

const REFUSED = 'refuses a budget that is enough';
const SILENT = 'takes a budget that is not enough';
const ROWS = [
  REFUSED,
  ...Object.keys(INVARIANTS),
  'input changed',
  'not the same for the same',
  'trimmed again, it changes',
  'a larger budget keeps fewer tokens',
  'a larger budget drops what a smaller one kept',
  'a budget twice as large drops what a smaller one kept',
  SILENT,
] as const;

/** Counts how many random histories break each property, by peer. */
export async function torture(peers: readonly Peer[], options: TortureOptions): Promise<Table> {
  const { histories, seed, deadlineMs } = options;
  const [dice, startedAt] = [new Dice(seed), performance.now()];
  const costs = new RequestCounter(await loadCounter('gpt-5-mini'));
  const breaches = new Map(peers.map((peer) => [peer, new Map<string, number>()]));
  const used = new Map(peers.map((peer) => [peer, [] as number[]]));
  let made = 0;
  while (made < histories && performance.now() - startedAt < deadlineMs) {
    const one = randomCase(dice, costs);
    if (one === undefined) continue;
    made += 1;
    for (const peer of peers) {
      const { broken, share } = await examine(peer, one);
      const counts = breaches.get(peer);
      for (const row of broken) counts?.set(row, (counts.get(row) ?? 0) + 1);
      if (share !== undefined) used.get(peer)?.push(share);
    }
  }
  const cells = ROWS.map((row) => [row, ...peers.map((peer) => cellOf(peer, row, breaches.get(peer)))]);
  const shares = peers.map((peer) => `${mean(used.get(peer) ?? [])} %`);
  return {
    title: 'Trim: what holds',
    about: `How many of ${made} random histories break a property (seed ${seed}): English and Japanese, with tools, acceptable to any provider; the budget is too small for the history and has 40 % and 60 tokens above what must stay. The budget is compared with the contents alone.`,
    columns: ['', ...peers.map(({ name }) => name)],
    rows: [...cells, ['share of the budget that is used', ...shares]],
    notes: NOTES,
  };
}

const NOTES = [
  'Each stands as its documentation recommends: LangChain `trimMessages` with `strategy: last`, `startOn: human`, `endOn: human, tool`, `includeSystem`, an exact counter; Mastra `TokenLimiterProcessor` right before the call, with its own estimate; AI SDK `pruneMessages`, which takes no budget and removes old reasoning and tool calls only.',
  '*Takes a budget that is not enough*: for system message and current turn, by 40 %. katamari throws `BudgetImpossibleError`; LangChain gives back an empty list, or one with `undefined` in it where there is a system message; Mastra stops the run where nothing fits, else it sends what does.',
  '*A larger budget drops what a smaller one kept*: `relevant` may replace a small message by a better one that fits now; from twice the budget on it never does, and `recent` never does.',
  'AI SDK prunes tool calls by their place from the end, also in the turn that is going on: hence *current turn not whole*.',
];

/** A history with a budget that is too small for it, and enough for what must stay, with room for every peer's own overhead. */
function randomCase(dice: Dice, costs: RequestCounter): Case | undefined {
  const history = randomHistory(dice);
  const needed = costs.request({ messages: protectedPart(history).map(({ message }) => message) });
  const least = Math.ceil(needed * 1.4) + 60;
  const total = tokensOfAll(history);
  const protectedTokens = tokensOfAll(protectedPart(history));
  if (total <= least + 10 || protectedTokens < 2) return undefined;
  const budgetTokens = least + dice.below(total - least - 5);
  return {
    history,
    budgetTokens,
    largerTokens: budgetTokens + 1 + dice.below(total),
    impossibleTokens: Math.floor(protectedTokens * 0.6),
  };
}

async function examine(peer: Peer, one: Case): Promise<{ broken: string[]; share?: number }> {
  const { history, budgetTokens } = one;
  const broken: string[] = [];
  if (peer.hasBudget && (await peer.prepare(history).trim(one.impossibleTokens)) !== 'refused')
    broken.push(SILENT);
  const prepared = peer.prepare(history);
  const before = JSON.stringify(prepared.input);
  const kept = await prepared.trim(budgetTokens);
  if (kept === 'refused') return { broken: [...broken, REFUSED] };
  const trial: Trial = { history, budgetTokens, kept };
  for (const [name, breaks] of Object.entries(INVARIANTS)) if (breaks(trial)) broken.push(name);
  if (JSON.stringify(prepared.input) !== before) broken.push('input changed');
  if (!isSame(await peer.prepare(history).trim(budgetTokens), kept)) broken.push('not the same for the same');
  const again = kept.some(({ place }) => place < 0) ? 'refused' : await peer.prepare(kept).trim(budgetTokens);
  if (!isSame(again, kept)) broken.push('trimmed again, it changes');
  const larger = await peer.prepare(history).trim(one.largerTokens);
  if (larger !== 'refused') broken.push(...compare(history, kept, larger));
  const twice = await peer.prepare(history).trim(budgetTokens * 2);
  if (twice !== 'refused' && drops(history, kept, twice))
    broken.push('a budget twice as large drops what a smaller one kept');
  return { broken, share: tokensOfAll(kept) / budgetTokens };
}

function compare(history: readonly Placed[], kept: readonly Placed[], larger: readonly Placed[]): string[] {
  const broken: string[] = [];
  if (tokensOfAll(larger) < tokensOfAll(kept)) broken.push('a larger budget keeps fewer tokens');
  if (drops(history, kept, larger)) broken.push('a larger budget drops what a smaller one kept');
  return broken;
}

/** Whether a message that was kept whole is not kept whole any more. */
function drops(history: readonly Placed[], kept: readonly Placed[], larger: readonly Placed[]): boolean {
  const given = new Map(history.map(({ place, message }) => [place, JSON.stringify(message)]));
  const whole = ({ place, message }: Placed): boolean => given.get(place) === JSON.stringify(message);
  const places = new Set(larger.filter(whole).map(({ place }) => place));
  return kept.some((placed) => whole(placed) && !places.has(placed.place));
}

function isSame(one: readonly Placed[] | 'refused', other: readonly Placed[]): boolean {
  if (one === 'refused' || one.length !== other.length) return false;
  return one.every(
    ({ place, message }, at) =>
      place === other[at]?.place && JSON.stringify(message) === JSON.stringify(other[at].message),
  );
}

function cellOf({ hasBudget }: Peer, row: string, counts: ReadonlyMap<string, number> | undefined): string {
  const isAboutBudget = [REFUSED, SILENT].includes(row) || row.includes('larger budget');
  return !hasBudget && isAboutBudget ? '–' : String(counts?.get(row) ?? 0);
}

function mean(shares: readonly number[]): string {
  return ((100 * shares.reduce((sum, share) => sum + share, 0)) / Math.max(1, shares.length)).toFixed(0);
}
