import type { Scorer } from '../scorer.ts';
import { checkShare, makeScorer, referenceOf } from './make-scorer.ts';
import { rouge, type RougeFigures, type RougeOptions, type RougeType } from './rouge/rouge.ts';

/** Options of {@link rougeScorer}. */
export interface RougeScorerOptions extends RougeOptions {
  /** @defaultValue `'rouge-l'` */
  readonly type?: RougeType;
  /** Which of the three figures is the score. @defaultValue `'fmeasure'` */
  readonly measure?: keyof RougeFigures;
  /** From which score on a text passes, 0 to 1. @defaultValue 0.5 */
  readonly threshold?: number;
}

/**
 * How much of the reference's words a text has, and in which order (ROUGE).
 *
 * @throws KatamariError code `invalid-input` for a threshold out of range; `score()` without a reference
 */
export function rougeScorer(options: RougeScorerOptions = {}): Scorer {
  const { type = 'rouge-l', measure = 'fmeasure', threshold = 0.5, ...rest } = options;
  checkShare('threshold', threshold);
  return makeScorer(type, (input) => {
    const figures = rouge(type, referenceOf(input, type), input.text, rest);
    const score = figures[measure];
    const pass = score >= threshold;
    const problem = `The text is not near enough to the reference: ${type} ${measure} is ${score.toFixed(3)}, at least ${threshold} is asked for.`;
    return { score, pass, problems: pass ? [] : [{ problem }], figures: { ...figures } };
  });
}
