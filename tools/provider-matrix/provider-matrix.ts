import { readFileSync } from 'node:fs';

import { models, type ModelEntry } from '../../src/models/index.ts';
import { conformance } from '../../src/testing/node/index.ts';
import { adapters, type Adapter } from './adapters.ts';
import { probe, type Findings } from './probe.ts';

type Row = Adapter & Findings & { readonly conforms: string };
type Column<T> = readonly [title: string, cell: (row: T) => string];

const intro = `# Providers and models

Written by \`node --conditions=@katamari/source tools/write-provider-matrix.ts\`; do not edit. The first four tables are results: each adapter was
asked for each thing, and what arrived at a server on the same machine, or at a \`fetch\` that was passed in, is what stands here. They show
what katamari sends and reads, not what every model behind a host can do with it. The last table is the list of \`katamari/models\`; every
fact in it has its source there.
`;

/** The whole document. Tries every adapter against a server of this process. */
export async function providerMatrix(): Promise<string> {
  const rows: Row[] = [];
  const conforming = await Promise.all(adapters.map(conformanceOf));
  for (const [index, adapter] of adapters.entries()) {
    rows.push({ ...adapter, ...(await probe(adapter)), conforms: conforming[index] ?? '' });
  }
  return [
    intro,
    '## What goes through\n',
    'JSON schema: in a field of its own, or told to the model in words. Cache marks: whether the stable prefix of a conversation is marked; other vendors cache by themselves or not at all. Conformance: how many checks of the kit in `katamari/testing/node` hold.\n',
    table(rows, through),
    '## How it is said\n',
    "The fields that `maxOutputTokens: 77` and `reasoning.effort: 'low'` become, and which of `temperature`, `topP`, `stop` and `seed` are not sent, with an `issue` event that says so. Models: `gpt-5-mini`, `claude-sonnet-5`, `gemini-2.5-flash`; any other name for the rest.\n",
    table(rows, said),
    '## Where it goes\n',
    'Without a base URL, and with a key from the environment. The first variable that is set counts. Clients: the versions are those that package.json allows; the newest of each major is tried by `npm run test:compat`.\n',
    table(rows, where),
    '## What comes back as usage\n',
    'Vendors count differently: Anthropic leaves cached tokens out of the prompt, Gemini leaves thoughts out of the answer. What comes out is one convention: `token_in` is the whole prompt, `token_out` all that was generated. Listed are the numbers that came out as they were meant.\n',
    table(rows, counted),
    '## Models\n',
    'Tokens; USD per million tokens at the standard tier, for prompts of ordinary length. «?» is not known.\n',
    table(models.entries, known),
  ].join('\n');
}

/** How many checks of the conformance kit hold, one after the other. */
async function conformanceOf(adapter: Adapter): Promise<string> {
  const checks = conformance({
    protocol: adapter.protocol,
    // All adapters at once on a busy machine: only a check that hangs may end by this.
    timeoutMs: 60_000,
    provider: ({ baseURL, apiKey }) => adapter.make({ baseURL: baseURL + adapter.basePath, apiKey }),
  });
  let held = 0;
  for (const { run } of checks) {
    held += await run().then(
      () => 1,
      () => 0,
    );
  }
  return `${held} of ${checks.length}`;
}

const named: Column<Row> = ['provider', ({ name }) => `\`${name}\``];

const through: readonly Column<Row>[] = [
  named,
  ['protocol', ({ protocol }) => protocol],
  ['streaming', ({ streaming }) => streaming],
  ['tools', ({ tools }) => tools],
  ['images', ({ images }) => images],
  ['files (PDF)', ({ files }) => files],
  ['JSON schema', ({ schema }) => schema],
  ['cache marks', ({ cacheMarks }) => cacheMarks],
  ['conformance', ({ conforms }) => conforms],
];

const said: readonly Column<Row>[] = [
  named,
  ['bound of the answer', ({ bound }) => bound],
  ['reasoning', ({ reasoning }) => reasoning],
  ['not sent', ({ notSent }) => notSent],
];

const where: readonly Column<Row>[] = [
  named,
  ['URL', ({ url }) => url],
  ['key', ({ keys }) => keys],
  ['client of your own', ({ clients }) => clients.map(withRange).join(', ') || '–'],
];

const counted: readonly Column<Row>[] = [named, ['usage', ({ usage }) => usage]];

const known: readonly Column<ModelEntry>[] = [
  ['model', ({ id }) => `\`${id}\``],
  ['provider', ({ provider }) => provider],
  ['type', ({ type }) => type],
  ['reasoning', ({ reasoning }) => (reasoning ? 'yes' : 'no')],
  ['window', ({ contextWindow }) => count(contextWindow)],
  ['max output', ({ maxOutput, type }) => (type === 'embedding' ? '–' : count(maxOutput))],
  ['in', ({ prices }) => String(prices.input ?? '?')],
  ['out', ({ prices, type }) => (type === 'embedding' ? '–' : String(prices.output ?? '?'))],
  ['tokenizer', ({ tokenizer }) => tokenizer ?? '?'],
  [
    'source of',
    ({ source }) =>
      [...source.model, ...source.prices]
        .map(({ date }) => date)
        .toSorted()
        .at(-1) ?? '?',
  ],
];

function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const lines = [
    columns.map(([title]) => title),
    columns.map(() => '---'),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function count(tokens: number | null): string {
  return tokens?.toLocaleString('en-US') ?? '?';
}

const { peerDependencies } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly peerDependencies: Readonly<Record<string, string>> };

function withRange(name: string): string {
  return `\`${name}\` ${peerDependencies[name] ?? ''}`.trim();
}
