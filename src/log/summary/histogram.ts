import type { Distribution } from './metrics-summary.ts';
import type { Sample } from './parse-exposition.ts';

interface Bucket {
  /** Upper bound. */
  readonly le: number;
  /** How many values are at most `le`. */
  readonly count: number;
}

/**
 * A histogram's distribution, over all its series; `null` where it is empty. Percentiles are interpolated inside the bucket that holds them,
 * as Prometheus' `histogram_quantile` does; one beyond the last bound is that bound.
 *
 * @param name - without `_bucket`
 * @param scale - what values are multiplied by, for example 1000 from seconds to milliseconds
 */
export function distributionOf(samples: readonly Sample[], name: string, scale = 1): Distribution | null {
  const sum = (suffix: string): number =>
    samples.reduce((total, sample) => (sample.name === name + suffix ? total + sample.value : total), 0);
  const count = sum('_count');
  if (count === 0) return null;
  const buckets = bucketsOf(samples, `${name}_bucket`);
  const at = (share: number): number => interpolate(buckets, share * count) * scale;
  return {
    count,
    mean: (sum('_sum') / count) * scale,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: null,
  };
}

function bucketsOf(samples: readonly Sample[], name: string): Bucket[] {
  const counts = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const bound = sample.labels['le'] ?? '';
    const le = bound === '+Inf' ? Infinity : Number(bound);
    counts.set(le, (counts.get(le) ?? 0) + sample.value);
  }
  return [...counts].map(([le, count]) => ({ le, count })).toSorted((a, b) => a.le - b.le);
}

function interpolate(buckets: readonly Bucket[], rank: number): number {
  let below: Bucket = { le: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank) {
      if (bucket.le === Infinity) return below.le;
      const inside = (rank - below.count) / (bucket.count - below.count);
      return below.le + (bucket.le - below.le) * inside;
    }
    below = bucket;
  }
  return below.le;
}
