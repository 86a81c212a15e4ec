/** A line of two texts and what became of it. */
export interface DiffLine {
  readonly change: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Lines in which two texts may differ, squared: above it, what is between the common ends is told as replaced. */
const MAX_CELLS = 4_000_000;

/** The shortest way from one text to another, by lines: what both have in common stays, in order. Removed lines come before added ones. */
export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...as('same', before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...as('same', before.slice(before.length - end)),
  ];
}

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length * after.length > MAX_CELLS) return [...as('removed', before), ...as('added', after)];
  const width = after.length + 1;
  // The length of the longest common part from each pair of places on.
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length && j < after.length) {
    if (before[i] === after[j]) {
      lines.push({ change: 'same', text: before[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ change: 'removed', text: before[i++] ?? '' });
    else lines.push({ change: 'added', text: after[j++] ?? '' });
  }
  return [...lines, ...as('removed', before.slice(i)), ...as('added', after.slice(j))];
}

function as(change: DiffLine['change'], texts: readonly string[]): DiffLine[] {
  return texts.map((text) => ({ change, text }));
}
