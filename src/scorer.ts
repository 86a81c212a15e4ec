import type { ChatRequest } from './request.ts';

/** What is judged. */
export interface ScorerInput {
  /** The text that is judged. */
  readonly text: string;
  /** What a good text says, for scorers that compare. */
  readonly reference?: string;
  /** What was asked. */
  readonly request?: ChatRequest;
  /** Stops a scorer that waits for something. @defaultValue nothing stops it */
  readonly signal?: AbortSignal;
}

/** One thing that keeps a text from a better score, in words that a model can act on. */
export interface ScoreProblem {
  readonly problem: string;
  /** The words of the text that it is about. */
  readonly quote?: string;
}

/** Why a score is what it is: problems, and the scorer's own figures. Plain JSON. */
export interface ScoreDetails {
  /** Empty where there is nothing to mend. */
  readonly problems: readonly ScoreProblem[];
  readonly [figure: string]: unknown;
}

/** What a scorer says of a text. */
export interface Score {
  /** The scorer's name. */
  readonly name: string;
  /** 0 to 1, 1 is best. */
  readonly score: number;
  /** Whether the text will do, by the scorer's own threshold. */
  readonly pass: boolean;
  readonly details: ScoreDetails;
}

/** Judges a text without a model: a critic, a gate, or a check in a user's own tests. */
export interface Scorer {
  /** Stands in the score, for example `rouge-l`. */
  readonly name: string;
  /** @throws KatamariError code `invalid-input` where the scorer needs a reference and there is none */
  score(input: ScorerInput): Promise<Score>;
}
