import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type * as Tokens from '../../src/tokens/index.ts';
import { loadPeer } from '../harness/load-peer.ts';
import { medianOf } from '../harness/statistics.ts';
import { atMost, figure, type Suite, type Table } from '../harness/table.ts';
import { counters } from './counters.ts';
import type { CounterReport, CounterTask } from './counting-process.ts';

const ROOT = join(import.meta.dirname, '../..');
const KINDS = ['English', 'Japanese', 'code'] as const;

/** Counting tokens by o200k_base: speed, what loading costs, and agreement with tiktoken on texts that are made to disagree. */
export const counting: Suite = async ({ quick, data }) => {
  const task: CounterTask = { kinds: textsOf(data), hostile: hostileTexts(quick ? 500 : 6000) };
  const reports = new Map<string, CounterReport[]>();
  for (let round = 0; round < (quick ? 1 : 3); round += 1)
    for (const name of Object.keys(counters)) {
      const own = reports.get(name) ?? [];
      own.push(await reportOf(name, task));
      reports.set(name, own);
    }
  return [speedTable(reports), await outputTable(task.kinds)];
};

function speedTable(reports: ReadonlyMap<string, readonly CounterReport[]>): Table {
  const middle = (name: string, of: (report: CounterReport) => number): number =>
    medianOf((reports.get(name) ?? []).map(of));
  const truth = reports.get('tiktoken (WASM)')?.[0]?.hostile ?? [];
  const wrong = (name: string): number =>
    (reports.get(name)?.[0]?.hostile ?? []).filter((count, at) => count !== truth[at]).length;
  const rows = [...reports.keys()].map((name) => [
    name,
    ...KINDS.flatMap((kind) => [
      figure(middle(name, ({ kinds }) => kinds[kind]?.unseen ?? Number.NaN)),
      figure(middle(name, ({ kinds }) => kinds[kind]?.warm ?? Number.NaN)),
    ]),
    figure(middle(name, ({ loadMs }) => loadMs)),
    figure(middle(name, ({ loadMB }) => loadMB)),
    `${wrong(name)} of ${truth.length}`,
  ]);
  return {
    title: 'Counting tokens (o200k_base)',
    about:
      'MB of UTF-8 by second of CPU for texts that are new to the counter and the same again; CPU and memory until it is ready; hostile strings that it counts otherwise than tiktoken.',
    columns: ['', ...KINDS.flatMap((kind) => [`${kind}, unseen`, 'warm']), 'load, ms', 'load, MB', 'wrong'],
    rows,
    bars: [atMost('hostile strings that katamari counts otherwise than tiktoken', 0, wrong('katamari'))],
  };
}

function reportOf(name: string, task: CounterTask): Promise<CounterReport> {
  const child = fork(new URL('counting-process.ts', import.meta.url), [name], {
    execArgv: ['--no-warnings'],
  });
  return new Promise<CounterReport>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${name} ended before it had counted`)));
    child.once('message', (report: CounterReport | { readonly error: string }) => {
      if ('error' in report) reject(new Error(`${name}: ${report.error}`));
      else resolve(report);
    });
    child.send(task);
  }).finally(() => child.kill('SIGKILL'));
}

/** The estimate of what streams out, by delta. */
async function outputTable(kinds: CounterTask['kinds']): Promise<Table> {
  const { OutputEstimate, loadEncoding } = await loadPeer<typeof Tokens>('katamari/tokens');
  const exact = await loadEncoding('o200k_base');
  const rows: string[][] = [];
  let worst = 0;
  for (const [kind, texts] of Object.entries(kinds)) {
    const deltas = texts.slice(0, 400).flatMap((text) => text.match(/.{1,4}/gsu) ?? []);
    const times: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const output = new OutputEstimate();
      const startedAt = performance.now();
      for (const delta of deltas) output.add(delta);
      times.push(((performance.now() - startedAt) * 1000) / deltas.length);
    }
    const cost = medianOf(times.slice(2));
    worst = Math.max(worst, cost);
    const summed = deltas.reduce((sum, delta) => sum + exact.count(delta), 0);
    const whole = exact.count(deltas.join(''));
    rows.push([kind, figure(cost), `${figure(summed / whole)}×`]);
  }
  return {
    title: 'Counting the output as it streams',
    about:
      'What one delta of four characters costs, in µs; and what adding up the counts of deltas would say instead of the count of the whole.',
    columns: ['', 'µs a delta', 'sum of deltas'],
    rows,
    bars: [atMost('output counted as it streams, a delta', 0.5, worst, ' µs')],
  };
}

function textsOf(data: string): Record<string, readonly string[]> {
  const read = (path: string): string => readFileSync(path, 'utf8');
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join(ROOT, 'src', file)));
  const said = (set: string, fallback: string): string[] => {
    const path = data === '' ? undefined : join(data, `${set}.jsonl`);
    if (path === undefined || !readdirSync(data).includes(`${set}.jsonl`))
      return [read(join(ROOT, fallback))];
    const conversations = read(path).trim().split('\n');
    return conversations.flatMap((line) =>
      (JSON.parse(line) as { messages: { content: string }[] }).messages.map(({ content }) => content),
    );
  };
  return {
    English: upTo(4e5, said('qmsum-val', 'examples/data/launch-week.json')),
    Japanese: upTo(4e5, said('jaquad-train', 'examples/data/kaigi.json')),
    code: upTo(4e5, sources),
  };
}

function upTo(bytes: number, texts: readonly string[]): string[] {
  let sum = 0;
  return texts.filter((text) => (sum += Buffer.byteLength(text)) < bytes);
}

/** Texts of characters that tokenizers disagree about, the same ones every time. */
function hostileTexts(count: number): string[] {
  const odd = [
    '\u{FEFF}',
    '\u{85}',
    '\u{A0}',
    '\u{200B}',
    '\u{2028}',
    '\u{3000}',
    '\r',
    '\r\n',
    '\t',
    '\u{0}',
    '\u{301}',
    '\u{FE0F}',
  ];
  const plain = [
    ' ',
    '  ',
    'a',
    'Z',
    "'ll",
    "'S",
    '12345',
    'é',
    'ß',
    'İ',
    'ǅ',
    '漢字',
    'かな',
    'カナ',
    '한글',
    'ไทย',
    '🐶',
    '👩‍👩‍👧',
    '<|endoftext|>',
    '...',
    '\n\n',
    '﷽',
  ];
  const all = [...odd, ...plain];
  let seed = 7;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(12) }, () => all[next(all.length)] ?? '').join(''),
  );
}
