import { fork } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { Protocol } from '../src/testing/wire-answer.ts';
import { bare, foreign, own, type Contender } from './provider-contenders.ts';

/*
 * CPU of this process per streamed token, through each adapter and through what else is there, over a socket: `bare` is fetch +
 * eventsource-parser + JSON.parse. The server is a process of its own; contenders are interleaved, and each is compared with the bare run of its own
 * round. Then the heap that a stream holds while a thousand of them are open. Vendors' packages take part if tests/compat has them installed.
 *
 *   npx node --conditions=@katamari/source bench/provider-cpu.ts [rounds] [tokens]
 */

const protocols: readonly Protocol[] = [
  'openai-chat',
  'openai-responses',
  'anthropic-messages',
  'google-generate',
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function cpuPerToken(run: Contender, root: string, tokens: number): Promise<number> {
  let told = 0;
  // Else one pays for what the contender before it has left behind.
  collectGarbage({ type: 'minor' });
  const before = process.cpuUsage();
  await run(root, () => (told += 1));
  const used = process.cpuUsage(before);
  if (told < tokens) throw new Error(`${told} of ${tokens} tokens came`);
  return (used.user + used.system) / tokens;
}

async function measure(
  contenders: readonly (readonly [string, Contender])[],
  root: string,
  { tokens, rounds }: { tokens: number; rounds: number },
): Promise<void> {
  const results = new Map<string, number[]>(contenders.map(([name]) => [name, []]));
  const warmUps = 20;
  for (let round = 0; round < rounds + warmUps; round += 1) {
    for (const [name, run] of round % 2 === 1 ? contenders.toReversed() : contenders) {
      const value = await cpuPerToken(run, root, tokens);
      if (round >= warmUps) results.get(name)?.push(value);
    }
  }
  const base = results.get('bare') ?? [];
  for (const [name, values] of results) {
    const ratio = median(values.map((value, index) => value / (base[index] ?? Number.NaN)));
    console.log(
      `  ${name.padEnd(26)} ${median(values).toFixed(2).padStart(6)} µs/token   ${ratio.toFixed(2)}×`,
    );
  }
}

/** Heap per stream, in KiB, while so many are open and each has shown some of its text. */
async function heapPerStream(run: Contender, root: string, streams: number): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage();
  const controller = new AbortController();
  const enough = 3;
  let ready = 0;
  await new Promise<void>((resolve, reject) => {
    for (let index = 0; index < streams; index += 1) {
      let told = 0;
      const tell = (): void => {
        told += 1;
        if (told === enough) ready += 1;
        if (told === enough && ready === streams) resolve();
      };
      run(root, tell, controller.signal).catch((error: unknown) => {
        if (!controller.signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
      });
    }
  });
  collectGarbage();
  const now = process.memoryUsage();
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return (now.heapUsed + now.external - before.heapUsed - before.external) / streams / 1024;
}

const rounds = Number(process.argv[2] ?? 40);
const tokens = Number(process.argv[3] ?? 2000);
const server = fork(new URL('token-server.ts', import.meta.url));
const port = await new Promise<number>((resolve) =>
  server.once('message', (message) => resolve(message as number)),
);
const others = await foreign();
for (const protocol of protocols) {
  const contenders = [['bare', bare(protocol)], ['katamari', own(protocol)], ...others[protocol]] as const;
  for (const batch of [16, 1]) {
    console.log(`${protocol}, ${tokens} tokens, ${batch} a write, ${rounds} rounds`);
    const root = `http://127.0.0.1:${port}/tokens=${tokens}&batch=${batch}&protocol=${protocol}`;
    await measure(contenders, root, { tokens, rounds });
  }
}

const streams = 1000;
console.log(`${streams} slow streams at once, heap per stream`);
for (const protocol of protocols) {
  const root = `http://127.0.0.1:${port}/tokens=200&batch=1&pauseMs=400&protocol=${protocol}`;
  await heapPerStream(bare(protocol), root, streams);
  const least = await heapPerStream(bare(protocol), root, streams);
  const ours = await heapPerStream(own(protocol), root, streams);
  console.log(
    `  ${protocol.padEnd(20)} bare ${least.toFixed(1)} KiB   katamari ${ours.toFixed(1)} KiB   ${(ours / least).toFixed(2)}×`,
  );
}
server.kill();
