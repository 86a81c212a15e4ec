import type { Protocol } from '../../src/testing/wire-answer.ts';
import { Contestant, type AnswerCost } from './contestant.ts';
import { ratiosOf, spreadOf, type Spread } from './statistics.ts';

/** Who competes, and for how long. */
export interface Competition {
  readonly protocol: Protocol;
  /** The first one is what the others are compared with. */
  readonly names: readonly string[];
  readonly root: string;
  readonly rounds: number;
  readonly warmUps: number;
  /** Pieces of text that the answer must at least have. */
  readonly pieces: number;
}

/** How one contender did. */
export interface Standing {
  readonly name: string;
  readonly costs: readonly AnswerCost[];
  /** CPU by that of the first contender in the same round. */
  readonly cpuRatio: Spread;
}

/** Lets contenders read the same answer in turn, each in a process of its own, and compares each round with its own first. */
export async function compete(competition: Competition): Promise<readonly Standing[]> {
  const { protocol, names, root, rounds, warmUps, pieces } = competition;
  const contestants = await Promise.all(names.map((name) => Contestant.start({ name, protocol })));
  const costs = names.map((): AnswerCost[] => []);
  try {
    for (let round = 0; round < warmUps + rounds; round += 1) {
      const order = contestants.map((contestant, at) => ({ contestant, at }));
      for (const { contestant, at } of round % 2 === 1 ? order.toReversed() : order) {
        const cost = await contestant.answer(root);
        if (cost.pieces < pieces / 20)
          throw new Error(`${contestant.name}: ${cost.pieces} of ${pieces} pieces came`);
        if (round >= warmUps) costs[at]?.push(cost);
      }
    }
  } finally {
    for (const contestant of contestants) contestant.stop();
  }
  const base = (costs[0] ?? []).map(({ cpuMs }) => cpuMs);
  return names.map((name, at) => {
    const own = costs[at] ?? [];
    return {
      name,
      costs: own,
      cpuRatio: spreadOf(
        ratiosOf(
          own.map(({ cpuMs }) => cpuMs),
          base,
        ),
      ),
    };
  });
}

/** The one of a name. */
export function standingOf(standings: readonly Standing[], name: string): Standing {
  const standing = standings.find((one) => one.name === name);
  if (standing === undefined) throw new Error(`${name} took no part`);
  return standing;
}
