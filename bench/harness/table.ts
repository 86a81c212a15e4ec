/** What one suite found, ready to be printed and kept. */
export interface Table {
  readonly title: string;
  /** What is measured, and in what unit. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What one has to know to read the figures. */
  readonly notes?: readonly string[];
  /** What was to be reached, and what was. */
  readonly bars?: readonly Bar[];
}

/** One thing that was to be reached. */
export interface Bar {
  readonly what: string;
  /** For example `≤ 1.2`. */
  readonly bar: string;
  readonly measured: string;
  readonly held: boolean;
}

/** How a suite is run. */
export interface SuiteOptions {
  /** Fewer rounds, to see that it works. */
  readonly quick: boolean;
  /** The server's address. */
  readonly server: string;
  /** Where the conversations with known evidence are; empty where there are none. */
  readonly data: string;
}

/** Measures one thing beside the peers. */
export type Suite = (options: SuiteOptions) => Promise<readonly Table[]>;

/** A bar that a figure must not pass. */
export function atMost(what: string, limit: number, measured: number, unit = ''): Bar {
  return { what, bar: `≤ ${limit}${unit}`, measured: `${figure(measured)}${unit}`, held: measured <= limit };
}

/** A bar that a figure must reach. */
export function atLeast(what: string, limit: number, measured: number, unit = ''): Bar {
  return { what, bar: `≥ ${limit}${unit}`, measured: `${figure(measured)}${unit}`, held: measured >= limit };
}

/** A figure with as many digits as it is worth. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3);
}

/** Rows as a table in Markdown; the first column is text, the others are figures. */
export function markdownTable({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${columns.map((_, at) => (at === 0 ? ' --- |' : ' --: |')).join('')}`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}
