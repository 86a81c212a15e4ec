import { isWord } from './class-escape.ts';
import type { Assertion } from './pattern.ts';

/** What assertions ask of a character beside a place: whether there is none, and else whether it is of a word or ends a line. */
export type Surrounding = 'none' | 'word' | 'line-end' | 'other';

/** @param unit - folded, or −1 where the text begins or ends */
export function surroundingOf(unit: number): Surrounding {
  if (unit === -1) return 'none';
  if (isWord(unit)) return 'word';
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029 ? 'line-end' : 'other';
}

/** Whether an assertion holds between two characters. */
export function holds(assertion: Assertion, before: Surrounding, after: Surrounding): boolean {
  switch (assertion) {
    case 'word-edge':
      return (before === 'word') !== (after === 'word');
    case 'no-word-edge':
      return (before === 'word') === (after === 'word');
    case 'text-start':
      return before === 'none';
    case 'text-end':
      return after === 'none';
    case 'line-start':
      return before === 'none' || before === 'line-end';
    case 'line-end':
      return after === 'none' || after === 'line-end';
  }
}
