import { tokensOf } from '../conversations.ts';
import { atLeast, figure, type Table } from '../harness/table.ts';
import { aiSdkPeer } from './ai-sdk-peer.ts';
import { contextChefPeer } from './context-chef-peer.ts';
import { katamariPeer } from './katamari-peer.ts';
import { langChainPeer } from './langchain-peer.ts';
import { llamaIndexPeer } from './llamaindex-peer.ts';
import { mastraPeer } from './mastra-peer.ts';
import type { Peer, Placed } from './peer.ts';
import { Dice } from './random-history.ts';

const BUDGET_TOKENS = 4096;
/** One call may take as long, in milliseconds. */
const MOST_MS = 60_000;
const WARM_UP_MS = 2000;
/** Calls of which the median is taken, where the first takes less than a second. */
const CALLS = 15;

const WORDS =
  'we moved the old server to another rack and now deploy takes twelve minutes longer please check whether cache warms up after ' +
  'restart because customers in Osaka report slow pages every morning invoice garden hotel train printer recipe';

class TooLong extends Error {}

/** The time of one call, cold: no peer has seen the messages before. */
export async function cost(sizes: readonly number[]): Promise<Table> {
  let endsAt = 0;
  const exact = ({ message }: Placed): number => {
    if (performance.now() > endsAt) throw new TooLong();
    return tokensOf(message.content as string);
  };
  const peers: readonly Peer[] = [
    await katamariPeer('katamari `relevant`'),
    { ...(await katamariPeer('', { measureFacts: false })), name: '… `measureFacts: false`' },
    await katamariPeer('katamari `recent`', { strategy: 'recent' }),
    { ...(await langChainPeer({ count: exact })), name: 'LangChain, exact counter' },
    { ...(await langChainPeer()), name: '… with a counter that remembers' },
    await mastraPeer('best-fit'),
    await llamaIndexPeer(),
    await contextChefPeer(),
    await aiSdkPeer(),
  ];
  const medians = new Map<string, number[]>();
  for (const peer of peers) {
    // Everybody's code is warm; the messages are new at every call.
    for (const until = performance.now() + WARM_UP_MS; performance.now() < until;)
      await milliseconds(peer, 100, () => (endsAt = Infinity));
    const own: number[] = [];
    for (const size of sizes) {
      const isAsked = expected(own) < MOST_MS;
      own.push(isAsked ? await median(peer, size, () => (endsAt = performance.now() + MOST_MS)) : Infinity);
    }
    medians.set(peer.name, own);
  }
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

/** What the next size will take, in milliseconds, if it goes on as before: nobody can be stopped in the middle of a call. */
function expected(before: readonly number[]): number {
  const [last = 0, secondLast = last] = before.toReversed();
  return last === 0 ? 0 : last * (last / secondLast);
}

function cellOf(ms: number): string {
  return ms >= MOST_MS ? `over ${MOST_MS}` : figure(ms);
}

async function median(peer: Peer, size: number, begin: () => void): Promise<number> {
  const times: number[] = [];
  try {
    do times.push(await milliseconds(peer, size, begin));
    while (times.length < CALLS && (times[0] ?? 0) < 1000);
  } catch (error) {
    if (error instanceof TooLong) return Infinity;
    throw error;
  }
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? Number.NaN;
}

async function milliseconds(peer: Peer, size: number, begin: () => void): Promise<number> {
  const prepared = peer.prepare(history(size));
  begin();
  const startedAt = performance.now();
  await prepared.trim(BUDGET_TOKENS);
  return performance.now() - startedAt;
}

function history(size: number): Placed[] {
  const [dice, words] = [new Dice(size), WORDS.split(' ')];
  return Array.from({ length: size + 1 }, (_, place): Placed => {
    const said = Array.from({ length: 52 }, () =>
      dice.below(20) === 0 ? String(dice.below(100_000)) : words[dice.below(words.length)],
    );
    const content = place === size ? 'What did customers in Osaka report about slow pages?' : said.join(' ');
    return { place, message: { role: place === size || place % 2 === 0 ? 'user' : 'assistant', content } };
  });
}
