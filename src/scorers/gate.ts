import type { Score, Scorer } from '../scorer.ts';
import { checkShare, invalid, makeScorer } from './make-scorer.ts';

/** Options of {@link gate}. */
export interface GateOptions {
  /** @defaultValue `'gate'` */
  readonly name?: string;
  /** From which mean score on a text passes, 0 to 1, in place of «all of them pass». @defaultValue all must pass */
  readonly threshold?: number;
  /** How much each scorer's score counts in the mean, by its place. @defaultValue all the same */
  readonly weights?: readonly number[];
}

/**
 * Several scorers as one: a text passes when it passes all of them, or when their weighted mean is high enough. Gates hold gates.
 *
 * @throws KatamariError code `invalid-input` without a scorer, and for weights that do not fit
 * @example gate([lengthScorer({ max: 400 }), termsScorer({ forbidden: ['synergy'] })])
 */
export function gate(
  scorers: readonly Scorer[],
  { name = 'gate', threshold, weights }: GateOptions = {},
): Scorer {
  if (scorers.length === 0) throw invalid('gate() needs at least one scorer.');
  if (threshold !== undefined) checkShare('threshold', threshold);
  const parts = weights ?? scorers.map(() => 1);
  const sum = parts.reduce((total, weight) => total + weight, 0);
  if (parts.length !== scorers.length || !parts.every((weight) => weight >= 0) || !(sum > 0))
    throw invalid('weights must hold a number of at least 0 for each scorer, one of them above 0.');
  return makeScorer(name, async (input) => {
    const scores: Score[] = await Promise.all(scorers.map((scorer) => scorer.score(input)));
    const score = scores.reduce((total, { score }, index) => total + score * (parts[index] ?? 0), 0) / sum;
    const pass = threshold === undefined ? scores.every(({ pass }) => pass) : score >= threshold;
    const problems = scores.flatMap(({ details }) => details.problems);
    return { score, pass, problems, figures: { scores } };
  });
}
