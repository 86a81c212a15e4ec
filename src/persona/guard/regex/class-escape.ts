import type { ClassItems } from './char-set.ts';

const DIGITS: ClassItems['ranges'] = [[48, 57]];
const WORD: ClassItems['ranges'] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];

/** What `\d`, `\w`, `\s`, `\p{…}` and their opposites stand for; `undefined` for another escape. */
export function classEscape(letter: string, property = ''): ClassItems | undefined {
  switch (letter) {
    case 'd':
      return { ranges: DIGITS, tests: [] };
    case 'w':
      return { ranges: WORD, tests: [] };
    case 'D':
      return { ranges: [], tests: [(point) => !isIn(DIGITS, point)] };
    case 'W':
      return { ranges: [], tests: [(point) => !isWord(point)] };
    case 's':
    case 'S':
    case 'p':
    case 'P':
      return { ranges: [], tests: [charTest(`\\${letter}${property}`)] };
    default:
      return undefined;
  }
}

/** Whether a character belongs to a word, as `\w` and `\b` have it. */
export function isWord(point: number): boolean {
  return isIn(WORD, point);
}

function isIn(ranges: ClassItems['ranges'], point: number): boolean {
  return ranges.some(([first, last]) => point >= first && point <= last);
}

/** One character at a time, so that nothing of the engine's own matching is at work. */
function charTest(escape: string): (point: number) => boolean {
  const regex = new RegExp(`^${escape}$`, 'u');
  return (point) => regex.test(String.fromCodePoint(point));
}
