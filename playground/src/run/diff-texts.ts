import { diffArrays } from 'diff';

/** A stretch of text that stayed, came or went. */
export interface DiffPiece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Below this share of common words two lines are two lines, not one that was edited: a word-by-word account of them would be noise. */
const LIKE_ENOUGH = 0.5;

/** What changed from one text to the other: by lines, and by words inside a line that was edited. */
export function diffTexts(before: string, after: string, language: string): readonly DiffPiece[] {
  const pieces: DiffPiece[] = [];
  let gone: string[] | undefined;
  for (const { added, removed, value } of diffArrays(linesOf(before), linesOf(after))) {
    if (added && gone !== undefined) {
      pieces.push(...diffBlock(gone, value, language));
      gone = undefined;
      continue;
    }
    if (gone !== undefined) pieces.push({ kind: 'removed', text: gone.join('') });
    gone = removed ? value : undefined;
    if (!removed) pieces.push({ kind: added ? 'added' : 'same', text: value.join('') });
  }
  if (gone !== undefined) pieces.push({ kind: 'removed', text: gone.join('') });
  return pieces;
}

/** How many words came and went; spaces and signs are not counted. */
export function countChanges(
  pieces: readonly DiffPiece[],
  language: string,
): { readonly added: number; readonly removed: number } {
  const count = { added: 0, removed: 0 };
  for (const { kind, text } of pieces) {
    if (kind === 'same') continue;
    for (const { isWordLike } of segmenterOf(language).segment(text)) if (isWordLike === true) count[kind]++;
  }
  return count;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function diffBlock(
  before: readonly string[],
  after: readonly string[],
  language: string,
): readonly DiffPiece[] {
  const words = diffWords(before.join(''), after.join(''), language);
  const lengthOf = (kinds: readonly DiffPiece['kind'][]): number =>
    words.reduce((sum, { kind, text }) => (kinds.includes(kind) ? sum + text.length : sum), 0);
  const shorter = Math.min(before.join('').length, after.join('').length);
  if (lengthOf(['same']) >= LIKE_ENOUGH * shorter) return words;
  // A last line has no end of its own, and would run into what took its place.
  const gone = before.join('').replace(/\n?$/, '\n');
  return [
    { kind: 'removed', text: gone },
    { kind: 'added', text: after.join('') },
  ];
}

/** Words as the language has them, so that Japanese is not one long word. */
function diffWords(before: string, after: string, language: string): readonly DiffPiece[] {
  const wordsOf = (text: string): string[] =>
    Array.from(segmenterOf(language).segment(text), ({ segment }) => segment);
  return diffArrays(wordsOf(before), wordsOf(after)).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  }));
}

function segmenterOf(language: string): Intl.Segmenter {
  return new Intl.Segmenter(language, { granularity: 'word' });
}
