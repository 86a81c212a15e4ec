import { lineAndColumn } from './persona-places.ts';

/** Of a line, in UTF-16 units: what lies further from the place than half of it is left out. */
const MAX_WIDTH = 100;

/** Characters that take two columns in a terminal. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/**
 * The lines around a place in a source, numbered, with a caret under the place:
 *
 * ```text
 *   2 | forbid:
 * > 3 |   - 42
 *     |     ^
 * ```
 */
export function codeFrame(source: string, offset: number): string {
  const { line, column } = lineAndColumn(source, offset);
  const lines = source.split(/\r\n|\r|\n/);
  const from = Math.max(line - 2, 1);
  const shown = lines.slice(from - 1, line + 1);
  const digits = String(from + shown.length - 1).length;
  const start = Math.max(column - 1 - MAX_WIDTH / 2, 0);
  return shown
    .flatMap((text, index) => {
      const number = from + index;
      const clipped = printable(text.slice(start, start + MAX_WIDTH));
      const mark = number === line ? '>' : ' ';
      const numbered = `${mark} ${String(number).padStart(digits)} | ${clipped}`.trimEnd();
      const before = printable(text.slice(start, column - 1));
      const caret = `  ${' '.repeat(digits)} | ${Array.from(before, blankFor).join('')}^`;
      return number === line ? [numbered, caret] : [numbered];
    })
    .join('\n');
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

/** As wide as the character above it, so that the caret stands under its place. */
function blankFor(character: string): string {
  return WIDE.test(character) ? '\u3000' : ' ';
}
