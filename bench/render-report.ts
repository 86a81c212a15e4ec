import { markdownTable, type Bar, type Table } from './harness/table.ts';
import type { Results, SuiteResults } from './results.ts';

const OPENING = '<!-- performance: written by `npm run bench:report` -->';
const CLOSING = '<!-- /performance -->';

/** The whole document of what was measured. */
export function performanceDocument({ versions, suites }: Results): string {
  const parts = Object.entries(suites).map(([name, suite]) => suitePart(name, suite));
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${[
    '# Performance',
    `What \`npm run bench\` measured, and nothing else: this page is written from \`bench/results.json\` by \`npm run bench:report\`. Every figure of a
contender is compared within one run: contenders take turns, each in a process of its own, the server in another; medians, with quartiles where
a spread is given. CPU time is that of the whole process. Absolute figures are those of one machine and its neighbours; quote the ratios.`,
    `Beside katamari: ${packages.join(', ')}.`,
    barsPart(Object.values(suites)),
    ...parts,
  ].join('\n\n')}\n`;
}

/** The README's section: what was to be reached, and what was. */
export function readmeSection({ suites }: Results): string {
  const all = Object.values(suites);
  const dates = all.map(({ date }) => date).toSorted();
  const [first = '', last = ''] = [dates[0], dates.at(-1)];
  const when = first === last ? first : `${first} to ${last}`;
  return [
    OPENING,
    `Measured ${when} with Node ${all[0]?.node ?? ''} on ${all[0]?.machine ?? ''}, by \`npm run bench\`, which installs the peers beside
katamari and prints everything; [docs/performance.md](docs/performance.md) has the tables. *Bare* is \`fetch\`, eventsource-parser and \`JSON.parse\`.`,
    markdownTable(barsTable(all.flatMap(({ tables }) => barsOf(tables)))),
    CLOSING,
  ].join('\n\n');
}

/** A document with its section put in anew. @throws Error where the document has no marks */
export function withSection(document: string, section: string): string {
  const [start, end] = [document.indexOf(OPENING), document.indexOf(CLOSING)];
  if (start === -1 || end === -1) throw new Error(`The document has no ${OPENING} … ${CLOSING}.`);
  return document.slice(0, start) + section + document.slice(end + CLOSING.length);
}

function barsPart(suites: readonly SuiteResults[]): string {
  const bars = suites.flatMap(({ tables }) => barsOf(tables));
  return `## What was to be reached\n\n${markdownTable(barsTable(bars))}`;
}

function barsOf(tables: readonly Table[]): readonly Bar[] {
  return tables.flatMap(({ bars = [] }) => bars);
}

function barsTable(bars: readonly Bar[]): Pick<Table, 'columns' | 'rows'> {
  const rows = bars.map(({ what, bar, measured, held }) => [what, bar, measured, held ? 'yes' : '**no**']);
  return { columns: ['', 'bar', 'measured', 'held'], rows };
}

function suitePart(name: string, { date, node, machine, tables }: SuiteResults): string {
  const how = `\`npm run bench -- --only ${name}\`, ${date}, Node ${node}, ${machine}.`;
  return [how, ...tables.map(tablePart)].join('\n\n');
}

function tablePart({ title, about, notes = [], ...table }: Table): string {
  const remarks = notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')];
  return [`## ${title}`, about, markdownTable(table), ...remarks].join('\n\n');
}
