/** The known key that was probably meant, or `undefined`: equal but for case, the beginning of one another, or at most two slips away. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const wanted = key.toLowerCase().trim();
  // Distances of long keys are of no use and cost the square of their length.
  if (wanted.length < 3 || wanted.length > 20) return undefined;
  const related = known.find((candidate) => wanted.startsWith(candidate) || candidate.startsWith(wanted));
  if (related !== undefined) return related;
  const ranked = known.map((candidate) => ({ candidate, slips: slipsBetween(wanted, candidate) }));
  return ranked.toSorted((a, b) => a.slips - b.slips).find(({ slips }) => slips <= 2)?.candidate;
}

/** Letters to add, drop or replace (Levenshtein). */
function slipsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
