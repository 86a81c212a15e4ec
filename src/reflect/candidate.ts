import type { CritiqueIssue, FinishReason, Phase } from '../event.ts';
import type { PhaseOutput } from './phase-output.ts';

/** What was said of a text. */
export interface Judgement {
  readonly verdict: 'approve' | 'revise';
  /** 0 to 1, `null` where none was given. */
  readonly score: number | null;
  readonly issues: readonly CritiqueIssue[];
}

const REFUSALS: ReadonlySet<FinishReason> = new Set(['content-filter', 'refusal']);

/** A text that may become the answer. */
export class Candidate {
  readonly text: string;
  readonly output: PhaseOutput;
  readonly phase: Phase;
  /** Whether its call came to its end; a limit of the run may have cut it off. */
  readonly whole: boolean;
  /** What its critic said; `undefined` where nobody has judged it. */
  judgement: Judgement | undefined;
  /** Whether it passes the gates. */
  passes = true;

  constructor(output: PhaseOutput, phase: Phase, whole: boolean) {
    this.text = output.text;
    this.output = output;
    this.phase = phase;
    this.whole = whole;
  }

  get asksForTools(): boolean {
    return this.output.toolCalls.length > 0;
  }

  get isEmpty(): boolean {
    return this.text.trim() === '' && !this.asksForTools;
  }

  /** Whether there is something that a critic can judge. */
  get isJudgeable(): boolean {
    return this.whole && !this.isEmpty && !this.asksForTools && !this.isRefused;
  }

  get isRefused(): boolean {
    return REFUSALS.has(this.output.finishReason);
  }

  /** 0 to 1. Where its critic gave no score, one is made of what it found; a text that nobody judged has none. */
  get score(): number | undefined {
    if (this.judgement === undefined) return undefined;
    const { score, verdict, issues } = this.judgement;
    if (score !== null) return score;
    if (verdict === 'approve') return 1;
    const weight = issues.reduce((sum, { severity }) => sum + (severity === 'major' ? 1 : 0.25), 0);
    return 0.5 / (1 + weight);
  }

  /**
   * How good an answer it is: whole before cut off, passing the gates before not, then by score. A revision that nobody judged is trusted over
   * what it mends, a draft that nobody judged is not.
   */
  get rank(): number {
    if (this.isEmpty) return 0;
    if (!this.whole) return 1;
    if (this.isRefused) return 2;
    const isDraft = this.phase === 'draft';
    const merit = this.asksForTools ? 3 : (this.score ?? (isDraft ? 0 : 2));
    return this.passes ? 4 + merit : 3 + merit / 4;
  }
}

/** The best of them; of equals the later revision, and the draft that was ready first. @throws nothing; `undefined` where there are none */
export function bestOf(candidates: readonly Candidate[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    const isLater = candidate.phase !== 'draft' && candidate.rank === best?.rank;
    if (best === undefined || candidate.rank > best.rank || isLater) best = candidate;
  }
  return best;
}
