import { tokensOf } from '../conversations.ts';
import { aiSdkPeer } from './ai-sdk-peer.ts';
import { katamariPeer } from './katamari-peer.ts';
import { langChainPeer } from './langchain-peer.ts';
import { mastraPeer } from './mastra-peer.ts';
import type { Peer, Placed } from './peer.ts';
import { Dice } from './random-history.ts';
import { table } from './table.ts';

const BUDGET_TOKENS = 4096;
/** One call may take as long, in milliseconds. */
const MOST_MS = 15_000;

const WORDS =
  'we moved the old server to another rack and now deploy takes twelve minutes longer please check whether cache warms up after ' +
  'restart because customers in Osaka report slow pages every morning invoice garden hotel train printer recipe';

class TooLong extends Error {}

/** Prints the time of one call, cold: no peer has seen the messages before. */
export async function cost(sizes: readonly number[]): Promise<void> {
  let endsAt = 0;
  const exact = ({ message }: Placed): number => {
    if (performance.now() > endsAt) throw new TooLong();
    return tokensOf(message.content as string);
  };
  const peers: readonly Peer[] = [
    await katamariPeer('katamari `relevant`'),
    await katamariPeer('katamari `recent`', { strategy: 'recent' }),
    { ...(await langChainPeer({ count: exact })), name: 'LangChain, exact counter' },
    { ...(await langChainPeer()), name: '… with a counter that remembers' },
    await mastraPeer('best-fit'),
    await aiSdkPeer(),
  ];
  const rows: string[][] = [];
  for (const peer of peers) {
    await milliseconds(peer, 100, () => (endsAt = Infinity));
    const cells: string[] = [];
    for (const size of sizes)
      cells.push(await median(peer, size, () => (endsAt = performance.now() + MOST_MS)));
    rows.push([peer.name, ...cells]);
  }
  console.log(
    `\nOne call, ms: messages of about 60 tokens, a budget of ${BUDGET_TOKENS}; medians of 5 where it takes under a second\n`,
  );
  console.log(table([['messages', ...sizes.map(String)], ...rows]));
}

async function median(peer: Peer, size: number, begin: () => void): Promise<string> {
  const times: number[] = [];
  try {
    do times.push(await milliseconds(peer, size, begin));
    while (times.length < 5 && (times[0] ?? 0) < 1000);
  } catch (error) {
    if (error instanceof TooLong) return `over ${MOST_MS}`;
    throw error;
  }
  const middle = times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
  return middle.toFixed(middle < 10 ? 1 : 0);
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
