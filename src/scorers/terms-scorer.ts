import type { ScoreProblem, Scorer } from '../scorer.ts';
import { foldText } from '../text/fold/fold-text.ts';
import { Folder } from '../text/fold/folder.ts';
import { TermSearch } from '../text/term-search.ts';
import { invalid, makeScorer } from './make-scorer.ts';

/** Options of {@link termsScorer}. */
export interface TermsScorerOptions {
  /** What must stand in the text. @defaultValue nothing */
  readonly required?: readonly string[];
  /** What must not. @defaultValue nothing */
  readonly forbidden?: readonly string[];
}

/**
 * Whether a text holds the terms that it must and none that it must not, compared without regard to case, width, kana, zero-width
 * characters and marks, as the `forbid` step does. The score is the share of the terms that are as they should be.
 *
 * @throws KatamariError code `invalid-input` without a term, and for an empty one
 */
export function termsScorer({ required = [], forbidden = [] }: TermsScorerOptions): Scorer {
  const terms = [...required, ...forbidden];
  const folder = new Folder();
  const folded = terms.map((term) => foldText(term.trim(), folder));
  if (folded.length === 0 || folded.includes(''))
    throw invalid('termsScorer() needs terms that are not empty: { required: ["…"], forbidden: ["…"] }.');
  // Of equal terms the search knows one, so the others are asked for by their text.
  const search = new TermSearch(folded);
  return makeScorer('terms', ({ text }) => {
    const found = new Set(search.termsIn(foldText(text, folder)).map((index) => folded[index]));
    const problems = terms.flatMap((term, index): ScoreProblem[] => {
      const isWanted = index < required.length;
      if (found.has(folded[index]) === isWanted) return [];
      return isWanted
        ? [{ problem: `The text must hold «${term}».` }]
        : [{ problem: `The text must not hold «${term}».`, quote: term }];
    });
    const score = 1 - problems.length / terms.length;
    return { score, pass: problems.length === 0, problems, figures: { terms: terms.length } };
  });
}
