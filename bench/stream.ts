import { fork } from 'node:child_process';

import { createParser } from 'eventsource-parser';

import { Chain } from '../src/chain.ts';
import { persona, type Persona } from '../src/persona/index.ts';
import { openaiCompatible } from '../src/providers/openai-compatible.ts';
import { runContext } from '../src/testing/run-context.ts';
import { trim } from '../src/trim/trim.ts';
import { writesOf } from './token-events.ts';

/*
 * CPU per streamed token of this process, by contender: `bare` is fetch + eventsource-parser + JSON.parse, the least anybody can do.
 * Once over a socket, where reads hold what has come by then, and once from memory, where each read holds exactly so many events and
 * there is no network to hide behind. The server is a process of its own; contenders are interleaved, and each is compared with the bare run of its own round.
 *
 *   npx node --conditions=@katamari/source bench/stream.ts [rounds] [tokens]
 */

type Contender = (url: string) => Promise<number>;

const decodeChunk = JSON.parse as (data: string) => { choices: { delta?: { content?: string | null } }[] };

const bare: Contender = async (url) => {
  const response = await fetch(url.replace('?', '/chat/completions?'), { method: 'POST', body: '{}' });
  if (response.body === null) throw new Error('no body');
  const decoder = new TextDecoder();
  let length = 0;
  const parser = createParser({
    onEvent({ data }) {
      if (data !== '[DONE]') length += decodeChunk(data).choices[0]?.delta?.content?.length ?? 0;
    },
  });
  for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
  return length;
};

const provider: Contender = async (url) => {
  const model = openaiCompatible({ baseURL: url, model: 'gpt-5-mini' });
  let length = 0;
  for await (const batch of model.generate({ messages }, runContext(model))) {
    for (const event of batch) if (event.type === 'token') length += event.text.length;
  }
  return length;
};

const messages = [{ role: 'user', content: 'Hi' }] as const;

/** Every event through the run's own iterator: retries, timeouts and the account included. */
const chain: Contender = async (url) => {
  let length = 0;
  const provider = openaiCompatible({ baseURL: url, model: 'gpt-5-mini' });
  for await (const event of new Chain({ provider }).stream({ messages })) {
    if (event.type === 'token') length += event.text.length;
  }
  return length;
};

const budget = trim({ targetTokens: 4096 });
const engineer: Persona = { name: 'engineer', style: 'Plain and short.', forbid: ['foobarbaz'] };

/** Persona, trim, one call and metrics, read as text. */
const steps: Contender = async (url) => {
  let length = 0;
  const provider = openaiCompatible({ baseURL: url, model: 'gpt-5-mini' });
  const composed = new Chain({ provider }).use(persona(engineer)).use(budget);
  for await (const text of composed.stream({ messages }).tokens()) length += text.length;
  return length;
};

const contenders: Record<string, Contender> = { bare, provider, chain, steps };

async function cpuPerToken(run: Contender, url: string, tokens: number): Promise<number> {
  const before = process.cpuUsage();
  const length = await run(url);
  const used = process.cpuUsage(before);
  if (length === 0) throw new Error('no tokens came');
  return (used.user + used.system) / tokens;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(url: string, tokens: number, rounds: number): Promise<void> {
  const results = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  const warmUps = 10;
  for (let round = 0; round < rounds + warmUps; round += 1) {
    const names = Object.entries(contenders);
    if (round % 2 === 1) names.reverse();
    for (const [name, run] of names) {
      const value = await cpuPerToken(run, url, tokens);
      if (round >= warmUps) results.get(name)?.push(value);
    }
  }
  const base = results.get('bare') ?? [];
  for (const [name, values] of results) {
    const ratios = values.map((value, index) => value / (base[index] ?? Number.NaN));
    console.log(
      `  ${name.padEnd(12)} ${median(values).toFixed(2)} µs/token   ratio ${median(ratios).toFixed(3)}`,
    );
  }
}

const rounds = Number(process.argv[2] ?? 40);
const tokens = Number(process.argv[3] ?? 2000);
const server = fork(new URL('token-server.ts', import.meta.url));
const port = await new Promise<number>((resolve) =>
  server.once('message', (message) => resolve(message as number)),
);
const writes = [
  ['16 a write', 'batch=16'],
  ['1 a write', 'batch=1'],
  ['16 a write, padded as by OpenAI', 'batch=16&noise=padding'],
  ['16 a write, no two chunks alike', 'batch=16&noise=number'],
] as const;
for (const [what, query] of writes) {
  console.log(`${tokens} tokens an answer, ${what}, ${rounds} rounds`);
  await measure(`http://127.0.0.1:${port}/v1?tokens=${tokens}&${query}`, tokens, rounds);
}
server.kill();

/** Answers from memory, one write a read. */
function memoryFetch(reads: readonly Uint8Array[]): typeof fetch {
  return () => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const bytes = reads[next];
          next += 1;
          if (bytes === undefined) controller.close();
          else controller.enqueue(bytes);
        },
      },
      { highWaterMark: 0 },
    );
    return Promise.resolve(new Response(body));
  };
}

for (const batch of [16, 1]) {
  console.log(`${tokens} tokens an answer, from memory, ${batch} a read, ${rounds} rounds`);
  globalThis.fetch = memoryFetch(writesOf(tokens, batch));
  await measure('http://memory.test/v1?', tokens, rounds);
}
