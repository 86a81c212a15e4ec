import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countChanges, diffTexts } from '../../../playground/src/run/diff-texts.ts';

const textOf = (pieces: ReturnType<typeof diffTexts>, left: 'added' | 'removed'): string =>
  pieces.map(({ kind, text }) => (kind === left ? '' : text)).join('');

describe('diffTexts', () => {
  it('tells words that changed inside a line', () => {
    const pieces = diffTexts('Roll back at 16:30, not later.\n', 'Roll back at 17:00, not later.\n', 'en');
    expect(
      pieces
        .filter(({ kind }) => kind === 'same')
        .map(({ text }) => text)
        .join(''),
    ).toContain('Roll back at ');
    expect(countChanges(pieces, 'en').added).toBeGreaterThan(0);
  });

  it('knows words in Japanese', () => {
    const pieces = diffTexts('移転の日は十一月十四日です。', '移転の日は十一月二十一日です。', 'ja');
    expect(
      pieces
        .filter(({ kind }) => kind === 'same')
        .map(({ text }) => text)
        .join(''),
    ).toContain('移転の日は');
    expect(countChanges(pieces, 'ja')).not.toEqual({ added: 0, removed: 0 });
  });

  it('tells lines apart that have little in common', () => {
    const pieces = diffTexts(
      '- The flag cache refreshes.\n',
      '- Twenty-one people were told on Monday.\n',
      'en',
    );
    expect(pieces.map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });

  it('holds both texts, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', 'b c', 'd', '\n', '日本', ' ')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = diffTexts(before, after, 'en');
        expect(textOf(pieces, 'removed')).toBe(after);
        // A last line may have got an end, so that it does not run into its successor.
        expect(textOf(pieces, 'added').trimEnd()).toBe(before.trimEnd());
      }),
      { numRuns: 200 },
    );
  });
});
