import { medianOf } from '../harness/statistics.ts';
import { costPeers, deadline, TooLong } from './cost-peers.ts';
import { BUDGET_TOKENS, CALLS, MOST_MS, type CostTask } from './cost.ts';
import type { Peer, Placed } from './peer.ts';
import { Dice } from './random-history.ts';

/*
 * The process of one peer: trims histories that it has not seen before, of each size, and sends the medians in milliseconds. Started by `cost`.
 */

/** So long each size is tried before it is measured. */
const WARM_UP_MS = 1000;
/** Who takes as long is measured once. */
const SLOW_MS = 1000;

const WORDS =
  'we moved the old server to another rack and now deploy takes twelve minutes longer please check whether cache warms up after ' +
  'restart because customers in Osaka report slow pages every morning invoice garden hotel train printer recipe';

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
  try {
    const first = await milliseconds(peer, size);
    if (first >= SLOW_MS) return first;
    for (const until = performance.now() + WARM_UP_MS; performance.now() < until;)
      await milliseconds(peer, size);
    const times: number[] = [];
    while (times.length < CALLS) times.push(await milliseconds(peer, size));
    return medianOf(times);
  } catch (error) {
    if (error instanceof TooLong) return Infinity;
    throw error;
  }
}

async function milliseconds(peer: Peer, size: number): Promise<number> {
  const prepared = peer.prepare(history(size));
  deadline.at = performance.now() + MOST_MS;
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
  peer ??= costPeers[name]?.() ?? never(name);
  const measured = peer.then((made) => mediansOf(made, sizes));
  measured.then(
    (medians) => process.send?.({ medians: medians.map((ms) => (ms === Infinity ? MOST_MS : ms)) }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});

function never(name: string): never {
  throw new Error(`there is no peer «${name}»`);
}
