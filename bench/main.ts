/**
 * katamari beside its peers: `npm run bench`, or a part of it: `npm run bench -- --only stream,import [--quick] [--save]`.
 *
 * Prints its tables; with `--save` it keeps them in `results.json`, from which `npm run bench:report` writes what the documents say.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { markdownTable, type Suite, type Table } from './harness/table.ts';
import { saveResults } from './results.ts';
import { bundle } from './suites/bundle.ts';
import { counting } from './suites/counting.ts';
import { firstToken } from './suites/first-token.ts';
import { imports } from './suites/import.ts';
import { install } from './suites/install.ts';
import { longAnswer } from './suites/long-answer.ts';
import { manyStreams } from './suites/many-streams.ts';
import { reflect } from './suites/reflect.ts';
import { stream } from './suites/stream.ts';
import { trimCost, trimEvidence, trimInvariants } from './suites/trim.ts';

const suites: Readonly<Record<string, Suite>> = {
  stream,
  reflect,
  'first-token': firstToken,
  'many-streams': manyStreams,
  'long-answer': longAnswer,
  counting,
  'trim-invariants': trimInvariants,
  'trim-evidence': trimEvidence,
  'trim-cost': trimCost,
  import: imports,
  bundle,
  install,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(suites).join(',') },
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    data: { type: 'string', default: new URL('../../shared/data/trim', import.meta.url).pathname },
  },
});

const tokenServer = fork(new URL('harness/token-server.ts', import.meta.url), {
  execArgv: ['--no-warnings'],
});
const port = await new Promise<number>((resolve) =>
  tokenServer.once('message', (message) => resolve(message as number)),
);
const options = {
  quick: values.quick,
  server: `http://127.0.0.1:${port}`,
  data: existsSync(values.data) ? values.data : '',
};

function print({ title, about, bars = [], ...table }: Table): void {
  console.log(`\n## ${title}\n\n${about}\n\n${markdownTable(table)}\n`);
  for (const { what, bar, measured, held } of bars)
    console.log(`- ${held ? 'held' : 'NOT HELD'}: ${what}: ${measured} (${bar})`);
}

for (const name of values.only.split(',')) {
  const suite = suites[name];
  if (suite === undefined) throw new Error(`There is no suite «${name}»: ${Object.keys(suites).join(', ')}`);
  try {
    const tables = await suite(options);
    for (const table of tables) print(table);
    if (values.save) saveResults(name, tables);
  } catch (error) {
    console.error(`\n## ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
tokenServer.kill();
