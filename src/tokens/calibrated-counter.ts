import { KatamariError } from '../errors.ts';
import type { TokenCounter } from './token-counter.ts';

/** What a {@link CalibratedCounter} has learnt, as plain JSON. */
export interface CalibrationState {
  readonly model: string;
  /** Actual over estimated tokens. */
  readonly factor: number;
  /** Relative error to reckon with, 0 and up. */
  readonly error: number;
  /** Pairs seen. */
  readonly samples: number;
}

/** Weight of what was known against the newest pair, once there are enough of them. */
const memory = 0.7;
/** Before anything was learnt: the worst single sample of bench/estimator.ts was 35 % off; a foreign tokenizer may be more so. */
const firstError = 0.35;
/** Outside of this a pair says that something other than this text was billed, for example a picture. */
const plausible = { least: 1 / 8, most: 8 } as const;

/**
 * A counter corrected by what the provider billed. One factor per conversation is enough, since the mix of scripts in it changes
 * slowly; after a change of the mix the factor follows within a few turns, and `errorBound` says so meanwhile.
 */
export class CalibratedCounter implements TokenCounter {
  readonly name: string;
  readonly exact = false;
  readonly #counter: TokenCounter;
  readonly #model: string;
  #factor: number;
  #error: number;
  #samples: number;

  /** @throws KatamariError `invalid-input` where `state` is of another model or holds impossible numbers */
  constructor(counter: TokenCounter, model: string, state?: CalibrationState) {
    if (state !== undefined && !isUsable(state, model)) {
      throw new KatamariError(
        'invalid-input',
        `The calibration state is not one of ${model}. Start without it.`,
      );
    }
    this.name = `calibrated ${counter.name}`;
    this.#counter = counter;
    this.#model = model;
    this.#factor = state?.factor ?? 1;
    this.#error = state?.error ?? firstError;
    this.#samples = state?.samples ?? 0;
  }

  /** Actual over estimated tokens, as learnt; 1 at first. */
  get factor(): number {
    return this.#factor;
  }

  /** Relative error to reckon with: 0.05 means that the truth is likely within 5 %. */
  get errorBound(): number {
    return this.#error;
  }

  count(text: string): number {
    return Math.ceil(this.#counter.count(text) * this.#factor);
  }

  /** The corrected count and its error on top. Likely, not certain, to hold for the model: nothing is certain without its tokenizer. */
  upperBound(text: string): number {
    const bound = this.#counter.upperBound?.(text) ?? this.#counter.count(text);
    return Math.ceil(bound * this.#factor * (1 + this.#error));
  }

  /**
   * Learns from one answer: what the **uncorrected** counter said of a prompt, and what the provider billed for it (cache reads and
   * writes included). Pairs that cannot be true are left out.
   */
  learn(estimated: number, actual: number): void {
    const ratio = actual / estimated;
    if (!(estimated > 0) || !(ratio >= plausible.least && ratio <= plausible.most)) return;
    const kept = Math.min(memory, this.#samples / (this.#samples + 1));
    const missed = Math.abs(ratio / this.#factor - 1);
    this.#factor = Math.exp(kept * Math.log(this.#factor) + (1 - kept) * Math.log(ratio));
    // The first pair says nothing of how much pairs differ; later, twice the mean deviation covers most of them.
    const observed = this.#samples === 0 ? firstError / 2 : Math.max(2 * missed, 0.02);
    this.#error = kept * this.#error + (1 - kept) * observed;
    this.#samples += 1;
  }

  /** What was learnt, as plain JSON. */
  toJSON(): CalibrationState {
    return { model: this.#model, factor: this.#factor, error: this.#error, samples: this.#samples };
  }

  /** A counter that goes on from a stored state. @throws KatamariError `invalid-input` as the constructor */
  static fromJSON(counter: TokenCounter, state: CalibrationState): CalibratedCounter {
    return new CalibratedCounter(counter, state.model, state);
  }
}

/** A counter corrected by what `model`'s provider bills, without anything learnt yet. */
export function calibrated(counter: TokenCounter, model: string): CalibratedCounter {
  return new CalibratedCounter(counter, model);
}

function isUsable(state: CalibrationState, model: string): boolean {
  const { factor, error, samples } = state;
  return (
    state.model === model &&
    factor >= plausible.least &&
    factor <= plausible.most &&
    error >= 0 &&
    Number.isFinite(error) &&
    Number.isSafeInteger(samples) &&
    samples >= 0
  );
}
