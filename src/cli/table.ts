import { displayWidth } from '../trim/explain-trim.ts';

/** Rows as aligned columns; those named in `right` are aligned at their right side. */
export function table(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const space = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
      return right.has(column) ? space + cell : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
  return `${lines.join('\n')}\n`;
}
