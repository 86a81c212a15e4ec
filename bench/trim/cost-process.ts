import { tokensOf } from '../conversations.ts';
import { aiSdkPeer } from './ai-sdk-peer.ts';
import { contextChefPeer } from './context-chef-peer.ts';
import { BUDGET_TOKENS, CALLS, MOST_MS, type CostTask } from './cost.ts';
import { katamariPeer } from './katamari-peer.ts';
import { langChainPeer } from './langchain-peer.ts';
import { llamaIndexPeer } from './llamaindex-peer.ts';
import { mastraPeer } from './mastra-peer.ts';
import type { Peer, Placed } from './peer.ts';
import { Dice } from './random-history.ts';

/*
 * The process of one peer: trims histories that it has not seen before, of each size, and sends the medians in milliseconds. Started by `cost`.
 */

/** So long each size is tried before it is measured. */
const WARM_UP_MS = 1000;
const MOST_WARM_UPS = 300;

const WORDS =
  'we moved the old server to another rack and now deploy takes twelve minutes longer please check whether cache warms up after ' +
  'restart because customers in Osaka report slow pages every morning invoice garden hotel train printer recipe';

class TooLong extends Error {}

let endsAt = Infinity;

function exact({ message }: Placed): number {
  if (performance.now() > endsAt) throw new TooLong();
  return tokensOf(message.content as string);
}

const peers: Readonly<Record<string, () => Promise<Peer>>> = {
  'katamari `relevant`': () => katamariPeer('katamari'),
  '… `measureFacts: false`': () => katamariPeer('katamari', { measureFacts: false }),
  'katamari `recent`': () => katamariPeer('katamari', { strategy: 'recent' }),
  'LangChain, exact counter': () => langChainPeer({ count: exact }),
  '… with a counter that remembers': () => langChainPeer(),
  'Mastra best-fit': () => mastraPeer('best-fit'),
  LlamaIndex: llamaIndexPeer,
  ContextChef: contextChefPeer,
  'AI SDK prune': aiSdkPeer,
};

async function mediansOf(peer: Peer, sizes: readonly number[]): Promise<number[]> {
  const own: number[] = [];
  for (const size of sizes) own.push(expected(own) < MOST_MS ? await median(peer, size) : Infinity);
  return own;
}

/** What the next size will take, in milliseconds, if it goes on as before: nobody can be stopped in the middle of a call. */
function expected(before: readonly number[]): number {
  const [last = 0, secondLast = last] = before.toReversed();
  return last === 0 ? 0 : last * (last / secondLast);
}

async function median(peer: Peer, size: number): Promise<number> {
  const times: number[] = [];
  try {
    const until = performance.now() + WARM_UP_MS;
    do times.push(await milliseconds(peer, size));
    while (performance.now() < until && times.length < MOST_WARM_UPS);
    // What takes longer than the warming up has been measured by it.
    if (times.length > 1) times.length = 0;
    else return times[0] ?? Number.NaN;
    do times.push(await milliseconds(peer, size));
    while (times.length < CALLS && (times[0] ?? 0) < 1000);
  } catch (error) {
    if (error instanceof TooLong) return Infinity;
    throw error;
  }
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? Number.NaN;
}

async function milliseconds(peer: Peer, size: number): Promise<number> {
  const prepared = peer.prepare(history(size));
  endsAt = performance.now() + MOST_MS;
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

/** Made with the first question. */
let peer: Promise<Peer> | undefined;

process.on('message', ({ name, sizes }: CostTask) => {
  peer ??= peers[name]?.() ?? never(name);
  const measured = peer.then((made) => mediansOf(made, sizes));
  measured.then(
    (medians) => process.send?.({ medians: medians.map((ms) => (ms === Infinity ? MOST_MS : ms)) }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

function never(name: string): never {
  throw new Error(`there is no peer «${name}»`);
}
