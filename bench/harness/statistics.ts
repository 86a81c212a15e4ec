/** What many measurements of one thing come to. */
export interface Spread {
  readonly median: number;
  /** The quarter and three quarters of the way from the least to the most. */
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

export function medianOf(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** Each value by that of the same round. */
export function ratiosOf(values: readonly number[], base: readonly number[]): number[] {
  return values.map((value, round) => value / (base[round] ?? Number.NaN));
}
