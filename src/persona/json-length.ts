import { personaLimits } from './persona-limits.ts';

/** What is nested more deeply is not written by a person, and costs whoever walks it the stack. */
const MAX_DEPTH = 60;

const NOT_JSON = new Set(['bigint', 'function', 'symbol']);

/**
 * How much there is in a value: the UTF-16 code units of its texts, and for each value that lies deeper than a list of texts, one more and its
 * key. Stops counting above what a persona may have, since a hundred aliases can stand for 2^100 values. `Infinity` for what JSON can't hold
 * and for what is nested more than 60 deep.
 */
export function jsonLengthOf(value: unknown): number {
  const open: (readonly [value: unknown, depth: number])[] = [[value, 0]];
  let length = 0;
  for (let next = open.pop(); next !== undefined && length <= personaLimits.textLength; next = open.pop()) {
    const [inner, depth] = next;
    if (depth > MAX_DEPTH || NOT_JSON.has(typeof inner)) return Infinity;
    if (typeof inner === 'string') length += inner.length;
    if (depth > 2) length += 1;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [key, field] of Object.entries(inner)) {
      if (depth > 1) length += key.length;
      open.push([field, depth + 1]);
    }
  }
  return length;
}
