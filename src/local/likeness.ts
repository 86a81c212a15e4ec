import { isSettled } from './mood.ts';
import type { Statement } from './statements.ts';

/** Whether a later statement says much the same as an earlier one with other numbers, and as something settled. */
export function replaces(late: Statement, early: Statement): boolean {
  if (late.message <= early.message || !isSettled(late.text) || likeness(early, late) < 0.5) return false;
  const before = numbersOf(early);
  const after = numbersOf(late);
  return before.length > 0 && after.length > 0 && !before.some((number) => after.includes(number));
}

function numbersOf({ terms }: Statement): string[] {
  return [...terms].filter((term) => /^\d/.test(term));
}

/** The share of common terms of two statements, counted on the shorter one: 0 to 1. */
export function likeness(a: Statement, b: Statement): number {
  let common = 0;
  for (const term of a.terms) if (b.terms.has(term)) common += 1;
  return common / Math.max(1, Math.min(a.terms.size, b.terms.size));
}
