import type { Distribution } from './metrics-summary.ts';

/** Values that are kept as they are: 512 kB. */
const EXACT_LIMIT = 65_536;
/** The relative error beyond that. */
const ERROR = 0.01;
const GAMMA = (1 + ERROR) / (1 - ERROR);
/** What is smaller counts as zero. */
const TINY = 1e-9;

/**
 * Percentiles of a stream of numbers in bounded memory: exact while there are few, then by buckets whose width grows with the value, which
 * keeps the relative error within 1 % (the idea of DDSketch).
 */
export class Quantiles {
  #values: number[] | null = [];
  readonly #above = new Map<number, number>();
  readonly #below = new Map<number, number>();
  #zeros = 0;
  #count = 0;
  #sum = 0;
  #max = -Infinity;

  /** False once values have been put into buckets. */
  get exact(): boolean {
    return this.#values !== null;
  }

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
    if (this.#values === null) return this.#drop(value);
    this.#values.push(value);
    if (this.#values.length < EXACT_LIMIT) return;
    for (const kept of this.#values) this.#drop(kept);
    this.#values = null;
  }

  /** `null` without a value. */
  distribution(): Distribution | null {
    if (this.#count === 0) return null;
    const at = this.#values === null ? this.#bucketReader() : sortedReader(this.#values);
    const rank = (share: number): number => at(Math.ceil(share * this.#count));
    return {
      count: this.#count,
      mean: this.#sum / this.#count,
      p50: rank(0.5),
      p95: rank(0.95),
      p99: rank(0.99),
      max: this.#max,
    };
  }

  #drop(value: number): void {
    const size = Math.abs(value);
    if (size < TINY) {
      this.#zeros++;
      return;
    }
    const buckets = value > 0 ? this.#above : this.#below;
    const key = Math.ceil(Math.log(size) / Math.log(GAMMA));
    buckets.set(key, (buckets.get(key) ?? 0) + 1);
  }

  #bucketReader(): (rank: number) => number {
    const below = [...this.#below].toSorted(([a], [b]) => b - a).map(([key, count]) => [-middle(key), count]);
    const above = [...this.#above].toSorted(([a], [b]) => a - b).map(([key, count]) => [middle(key), count]);
    const all = [...below, [0, this.#zeros], ...above] as [number, number][];
    return (rank) => {
      let seen = 0;
      for (const [value, count] of all) if ((seen += count) >= rank) return Math.min(value, this.#max);
      return this.#max;
    };
  }
}

/** The value that is at most 1 % from all values of a bucket. */
function middle(key: number): number {
  return (2 * GAMMA ** key) / (GAMMA + 1);
}

function sortedReader(values: readonly number[]): (rank: number) => number {
  const sorted = Float64Array.from(values).toSorted();
  return (rank) => sorted[rank - 1] ?? NaN;
}
