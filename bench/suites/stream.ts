import type { Protocol } from '../../src/testing/wire-answer.ts';
import { compete, standingOf, type Standing } from '../harness/compete.ts';
import { CHAT_FIELD } from '../harness/contender.ts';
import { medianOf } from '../harness/statistics.ts';
import {
  atLeast,
  atMost,
  figure,
  type Bar,
  type Suite,
  type SuiteOptions,
  type Table,
} from '../harness/table.ts';

const TOKENS = 2000;

interface Field {
  readonly title: string;
  readonly protocol: Protocol;
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  {
    title: 'chat completions',
    protocol: 'openai-chat',
    names: CHAT_FIELD,
  },
  {
    title: 'OpenAI Responses',
    protocol: 'openai-responses',
    names: ['bare', 'katamari', 'openai SDK', 'AI SDK'],
  },
  {
    title: 'Anthropic Messages',
    protocol: 'anthropic-messages',
    names: ['bare', 'katamari', 'Anthropic SDK', 'AI SDK'],
  },
  {
    title: 'Gemini',
    protocol: 'google-generate',
    names: ['bare', 'katamari', '@google/generative-ai', '@google/genai', 'AI SDK'],
  },
];

/** CPU of the whole client process for each streamed token, with 16 events or one in a write of the server. */
export const stream: Suite = async (options) => {
  const tables: Table[] = [];
  for (const field of fields) tables.push(await measure(field, options));
  return tables;
};

async function measure({ title, protocol, names }: Field, { quick, server }: SuiteOptions): Promise<Table> {
  const rounds = quick ? 5 : 40;
  const standings: (readonly Standing[])[] = [];
  for (const batch of [16, 1]) {
    const root = `${server}/tokens=${TOKENS}&batch=${batch}&protocol=${protocol}`;
    standings.push(await compete({ protocol, names, root, rounds, warmUps: quick ? 5 : 20, pieces: TOKENS }));
  }
  const rows = names.map((name) => [name, ...standings.flatMap((one) => cellsOf(standingOf(one, name)))]);
  return {
    title: `CPU per streamed token: ${title}`,
    about: `Answers of ${TOKENS} tokens; katamari is a whole chain: persona, trim, one call, metrics. µs of CPU per token (median), and the ratio to bare of the same round (median, quartiles).`,
    columns: ['', '16 a write, µs', 'ratio', '1 a write, µs', 'ratio'],
    rows,
    bars: barsOf(title, protocol, standings),
  };
}

function cellsOf({ costs, cpuRatio }: Standing): string[] {
  const cpu = medianOf(costs.map(({ cpuMs }) => (cpuMs * 1000) / TOKENS));
  return [figure(cpu), `${figure(cpuRatio.median)} (${figure(cpuRatio.low)}–${figure(cpuRatio.high)})`];
}

function barsOf(
  title: string,
  protocol: Protocol,
  [sixteen = [], one = []]: readonly (readonly Standing[])[],
): Bar[] {
  const ratio = (standings: readonly Standing[], name: string): number =>
    standingOf(standings, name).cpuRatio.median;
  if (protocol !== 'openai-chat')
    return [
      atMost(`${title}, 16 a write: katamari to bare`, 1.3, ratio(sixteen, 'katamari')),
      atMost(`${title}, 1 a write: katamari to bare`, 1.3, ratio(one, 'katamari')),
    ];
  const times = (name: string): number => ratio(sixteen, name) / ratio(sixteen, 'katamari');
  return [
    atMost('a whole chain to bare, 16 a write', 1.2, ratio(sixteen, 'katamari')),
    atMost('a whole chain to bare, 1 a write', 1.1, ratio(one, 'katamari')),
    atLeast('AI SDK to katamari, 16 a write', 7, times('AI SDK')),
    atLeast('openai SDK to katamari, 16 a write', 2, times('openai SDK')),
  ];
}
