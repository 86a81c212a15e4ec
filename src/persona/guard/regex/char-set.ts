import type { Folder } from '../../../text/fold/folder.ts';

/** Which characters a place of a pattern takes. */
export interface CharSet {
  /** @param raw the code point as it stands in the text, `unit` what it is folded to */
  has(unit: number, raw: number): boolean;
}

/** What stands in a character class, before it is folded. */
export interface ClassItems {
  /** First and last code point of each range. */
  readonly ranges: (readonly [first: number, last: number])[];
  /** `\s`, `\p{…}` and the like. */
  readonly tests: ((point: number) => boolean)[];
}

/** How a class is compared. */
export interface CharSetOptions {
  readonly folder: Folder;
  readonly ignoreCase: boolean;
  /** Whether the set is compared with the text as it stands. */
  readonly isRaw: boolean;
  /** `[^…]`. */
  readonly negated?: boolean;
}

/**
 * A set that takes a character in the form in which it stands as well as folded: `[ア]` takes ア, ｱ and あ. What it has been asked it knows.
 */
export function charSet(
  { ranges, tests }: ClassItems,
  { folder, ignoreCase, isRaw, negated = false }: CharSetOptions,
): CharSet {
  const folded: ReadonlySet<number> = isRaw ? new Set() : foldedPoints(ranges, folder);
  const holds = (point: number): boolean =>
    ranges.some(([first, last]) => point >= first && point <= last) ||
    tests.some((test) => test(point)) ||
    folded.has(point);
  const known = new Map<number, boolean>();
  const ask = (point: number): boolean => {
    const forms = ignoreCase ? casesOf(point) : [point];
    return forms.some(holds);
  };
  return {
    has(unit, raw) {
      const key = unit * 0x110000 + raw;
      const before = known.get(key);
      if (before !== undefined) return before;
      const answer = (ask(unit) || (raw !== unit && ask(raw))) !== negated;
      known.set(key, answer);
      return answer;
    },
  };
}

/** A set of one folded unit. */
export function oneUnit(unit: number, { folder, ignoreCase }: CharSetOptions): CharSet {
  if (!ignoreCase) return { has: (other) => other === unit };
  const lower = folder.lower(unit);
  return {
    has: (other) => {
      if (other === unit) return true;
      const otherLower = folder.lower(other);
      return lower.length === otherLower.length && lower.every((point, index) => point === otherLower[index]);
    },
  };
}

/** A character in its cases, where each is one character. */
function casesOf(point: number): number[] {
  const char = String.fromCodePoint(point);
  return [point, ...[char.toLowerCase(), char.toUpperCase()].flatMap(onlyPoint)];
}

function onlyPoint(text: string): number[] {
  const point = text.codePointAt(0) ?? 0;
  return text.length === (point > 0xffff ? 2 : 1) ? [point] : [];
}

/** What the characters of ranges are folded to, where that is another single character. Scripts without such forms are passed over. */
function foldedPoints(ranges: ClassItems['ranges'], folder: Folder): ReadonlySet<number> {
  const folded = new Set<number>();
  for (const [first, last] of ranges) {
    for (let point = Math.max(first, 0xa0); point <= Math.min(last, 0x1f2ff); point++) {
      if (point === 0x3400) point = 0xf900;
      if (point === 0x10000) point = 0x1d400;
      if (point === 0x1d800) point = 0x1f100;
      if (point > last) break;
      const [unit, ...more] = folder.fold(point);
      if (unit !== undefined && more.length === 0 && unit !== point) folded.add(unit);
    }
  }
  return folded;
}
