import { InvalidArgumentError } from 'commander';

/** A whole number of at least `least`, from a word of the command line. */
export function wholeNumber(least: number, unit: string): (word: string) => number {
  return (word) => {
    const value = Number(word);
    if (/^\d+$/.test(word) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`A whole number of ${unit}, ${least} or more, is expected.`);
  };
}

/** A number from `least` to `most`, from a word of the command line. */
export function numberWithin(least: number, most: number): (word: string) => number {
  return (word) => {
    const value = Number(word);
    if (word.trim() !== '' && value >= least && value <= most) return value;
    const range = most === Infinity ? `of ${least} or more` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`A number ${range} is expected.`);
  };
}

/** Collects `name=value`, as often as it is said. A value that is a number or true or false counts as one. */
export function assignments(
  word: string,
  before: Readonly<Record<string, string | number | boolean>> = {},
): Readonly<Record<string, string | number | boolean>> {
  const at = word.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('NAME=VALUE is expected.');
  return { ...before, [word.slice(0, at)]: typed(word.slice(at + 1)) };
}

/** Collects words, as often as the option is said. */
export function words(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
