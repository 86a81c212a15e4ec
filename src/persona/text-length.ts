import { personaLimits } from './persona-limits.ts';

/**
 * UTF-16 code units of all texts in a value together, keys of its mappings aside. Stops counting above what a persona may have: an
 * alias can stand for a text many times over.
 */
export function textLengthOf(value: unknown): number {
  const open: unknown[] = [value];
  let length = 0;
  while (open.length > 0 && length <= personaLimits.textLength) {
    const next = open.pop();
    if (typeof next === 'string') length += next.length;
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) open.push(inner);
  }
  return length;
}
