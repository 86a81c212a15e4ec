import type { RelevanceWeights } from './relevance-weights.ts';
import type { UnitIndex } from './unit-index.ts';

/** How much a term counts, and in which units it stands. */
export interface TermCounts {
  /** Share of the query it makes up, against the other terms. */
  readonly weight: number;
  /** How much telling it is: BM25's weight of a rare word. */
  readonly rarity: number;
  /** Rising. */
  readonly units: ArrayLike<number>;
  /** How often it stands in each of `units`, repeats and long units discounted. */
  readonly counts: ArrayLike<number>;
}

/** A count smaller than this is none: else the tails of the smoothing run on as numbers too small to compute with quickly. */
const NOTHING = 1e-3;

/**
 * The score of all units, level by level. Every term's count reaches into the neighbouring units, less with the distance in tokens: it falls
 * by a factor of e every `reach` tokens. Tokens and not messages, so that a run of short remarks is one exchange, while a long message
 * stands for itself. The smoothed counts then saturate and add up as in BM25. Two passes a term, whatever the reach.
 */
export class LevelScore {
  readonly #index: UnitIndex;
  readonly #weights: RelevanceWeights;
  #reach = 0;
  /** What is left of a count at the next unit. */
  #fade: Float64Array;
  /** How much a unit's counts mean for those after it. */
  readonly #gain: Float64Array;
  readonly #counts: Float64Array;
  readonly #before: Float64Array;
  readonly #sum: Float64Array;
  readonly #met: Float64Array;
  #all = 0;

  constructor(index: UnitIndex, weights: RelevanceWeights) {
    const { size } = index;
    this.#index = index;
    this.#weights = weights;
    this.#fade = new Float64Array(0);
    this.#gain = new Float64Array(size);
    for (let unit = 0; unit < size; unit += 1) this.#gain[unit] = index.asks(unit) ? weights.question : 1;
    this.#counts = new Float64Array(size);
    this.#before = new Float64Array(size);
    this.#sum = new Float64Array(size);
    this.#met = new Float64Array(size);
  }

  /** Starts with the next level. @param reach - in tokens; 0: a unit has what it says itself */
  begin(reach: number): void {
    this.#reach = reach;
    this.#fade = this.#index.fades(reach);
    this.#sum.fill(0);
    this.#met.fill(0);
    this.#all = 0;
  }

  /** Adds what one term says. */
  add(term: TermCounts): void {
    const counts = this.#counts;
    const before = this.#before;
    const fade = this.#fade;
    const gain = this.#gain;
    this.#all += term.weight;
    if (this.#reach === 0) {
      for (let row = 0; row < term.units.length; row += 1)
        this.#note(term.units[row] ?? 0, term.counts[row] ?? 0, term);
      return;
    }
    for (let row = 0; row < term.units.length; row += 1) counts[term.units[row] ?? 0] = term.counts[row] ?? 0;
    let past = 0;
    for (let unit = 0; unit < counts.length; unit += 1) {
      past *= fade[unit] ?? 0;
      if (past < NOTHING) past = 0;
      before[unit] = past;
      past += (counts[unit] ?? 0) * (gain[unit] ?? 0);
    }
    let coming = 0;
    for (let unit = counts.length - 1; unit >= 0; unit -= 1) {
      const own = counts[unit] ?? 0;
      const count = own + (before[unit] ?? 0) + this.#weights.backward * coming;
      if (count > 0) this.#note(unit, count, term);
      coming = (coming + own) * (fade[unit] ?? 0);
      if (coming < NOTHING) coming = 0;
    }
    for (let row = 0; row < term.units.length; row += 1) counts[term.units[row] ?? 0] = 0;
  }

  /** Adds the level's score to `scores`, times `weight` and the unit's gain, and more where the query's terms meet. */
  addTo(scores: Float64Array, weight: number, gains?: ArrayLike<number>): void {
    if (this.#all === 0) return;
    const share = this.#weights.share / this.#all;
    for (let unit = 0; unit < scores.length; unit += 1) {
      scores[unit] =
        (scores[unit] ?? 0) +
        weight * (gains?.[unit] ?? 1) * (this.#sum[unit] ?? 0) * (1 + share * (this.#met[unit] ?? 0));
    }
  }

  #note(unit: number, count: number, term: TermCounts): void {
    const part = (term.weight * count) / (count + this.#weights.half);
    this.#sum[unit] = (this.#sum[unit] ?? 0) + term.rarity * (1 + this.#weights.half) * part;
    this.#met[unit] = (this.#met[unit] ?? 0) + part;
  }
}
