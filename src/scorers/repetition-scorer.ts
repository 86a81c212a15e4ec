import type { Scorer } from '../scorer.ts';
import { checkShare, invalid, makeScorer } from './make-scorer.ts';
import { wordsOf } from './words-of.ts';

/** Options of {@link repetitionScorer}. */
export interface RepetitionScorerOptions {
  /** Words in a row that are compared, 1 to 20. @defaultValue 4 */
  readonly words?: number;
  /** The share of such rows that may have stood in the text before, 0 to 1. @defaultValue 0.1 */
  readonly maxShare?: number;
}

/**
 * Whether a text says again and again what it has said: the share of rows of words that stood in it before. 1 is a text that repeats nothing.
 *
 * @throws KatamariError code `invalid-input` for options out of range
 */
export function repetitionScorer({ words = 4, maxShare = 0.1 }: RepetitionScorerOptions = {}): Scorer {
  if (!Number.isInteger(words) || words < 1 || words > 20)
    throw invalid('words must be a whole number, 1 to 20.');
  checkShare('maxShare', maxShare);
  return makeScorer('repetition', ({ text }) => {
    const all = wordsOf(text);
    const counts = new Map<string, number>();
    for (let at = 0; at + words <= all.length; at++) {
      const row = all.slice(at, at + words).join(' ');
      counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    const rows = Math.max(0, all.length - words + 1);
    const share = rows === 0 ? 0 : (rows - counts.size) / rows;
    const worst = [...counts.keys()].reduce(
      (most, row) => ((counts.get(row) ?? 0) > (counts.get(most) ?? 0) ? row : most),
      '',
    );
    const problem = `${Math.round(share * 100)} % of the text repeats it; «${worst}» stands there ${counts.get(worst) ?? 0} times.`;
    const pass = share <= maxShare;
    return { score: 1 - share, pass, problems: pass ? [] : [{ problem, quote: worst }], figures: { share } };
  });
}
