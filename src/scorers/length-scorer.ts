import type { Scorer } from '../scorer.ts';
import { invalid, makeScorer } from './make-scorer.ts';
import { wordsOf } from './words-of.ts';

/** Options of {@link lengthScorer}. */
export interface LengthScorerOptions {
  /** @defaultValue 0 */
  readonly min?: number;
  /** @defaultValue no upper bound */
  readonly max?: number;
  /** Characters are code points, white space at both ends left out; words are those of `Intl.Segmenter`. @defaultValue `'characters'` */
  readonly unit?: 'characters' | 'words';
}

/**
 * Whether a text is neither too short nor too long. Outside the bounds the score is the share by which it misses: twice too long is 0.5.
 *
 * @throws KatamariError code `invalid-input` for bounds that contradict each other
 */
export function lengthScorer({ min = 0, max = Infinity, unit = 'characters' }: LengthScorerOptions): Scorer {
  if (!(min >= 0 && max >= min && max > 0))
    throw invalid('lengthScorer() takes min and max with 0 ≤ min ≤ max, and a max above 0.');
  return makeScorer('length', ({ text }) => {
    const length = unit === 'words' ? wordsOf(text).length : Array.from(text.trim()).length;
    const score = length < min ? length / min : length > max ? max / length : 1;
    const [bound, how] = length < min ? [min, 'short'] : [max, 'long'];
    const problem = `The text has ${length} ${unit} and is too ${how}: ${how === 'short' ? 'at least' : 'at most'} ${bound}.`;
    return {
      score,
      pass: score === 1,
      problems: score === 1 ? [] : [{ problem }],
      figures: { length, unit },
    };
  });
}
