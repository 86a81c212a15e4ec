import { KatamariError } from '../errors.ts';
import type { Score, ScoreProblem, Scorer, ScorerInput } from '../scorer.ts';

/** What a judgement comes to, before it is made a score. */
export interface Judgement {
  /** 0 to 1; what lies outside is brought inside. */
  readonly score: number;
  readonly pass: boolean;
  readonly problems: readonly ScoreProblem[];
  readonly figures?: Readonly<Record<string, unknown>>;
}

/** A scorer around a judgement. */
export function makeScorer(
  name: string,
  judge: (input: ScorerInput) => Judgement | Promise<Judgement>,
): Scorer {
  return {
    name,
    async score(input): Promise<Score> {
      if (typeof (input as Partial<ScorerInput> | undefined)?.text !== 'string')
        throw invalid(`${name} needs a text: score({ text }).`);
      input.signal?.throwIfAborted();
      const { score, pass, problems, figures } = await judge(input);
      return { name, score: Math.min(1, Math.max(0, score)), pass, details: { ...figures, problems } };
    },
  };
}

/** The reference, for scorers that compare. @throws KatamariError code `invalid-input` where there is none */
export function referenceOf({ reference }: ScorerInput, name: string): string {
  if (typeof reference === 'string') return reference;
  throw invalid(`${name} compares with a reference: score({ text, reference }).`);
}

/** @throws KatamariError code `invalid-input` where a share is not from 0 to 1 */
export function checkShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw invalid(`${name} must be a number from 0 to 1.`);
}

export function invalid(message: string): KatamariError {
  return new KatamariError('invalid-input', message);
}
