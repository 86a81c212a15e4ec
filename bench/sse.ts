import { completedEvent, labelsOf } from '../src/attempt-events.ts';
import { Chain } from '../src/chain.ts';
import type { Provider } from '../src/provider.ts';
import { readSSE } from '../src/sse/read-sse.ts';
import { RunHost } from '../src/sse/run-host.ts';
import { toSSEResponse } from '../src/sse/to-sse-response.ts';

/*
 * CPU per token, in memory, reader and writer in one process: a run read directly; sent as server-sent events and read again; and the same
 * through a host and its log. What is added is JSON both ways (about 150 bytes a token), UTF-8, and two streams of the web.
 *
 *   npx node --conditions=@katamari/source bench/sse.ts [rounds] [tokens]
 */

const messages = [{ role: 'user', content: 'Hi' }] as const;
const rounds = Number(process.argv[2] ?? 30);
const tokens = Number(process.argv[3] ?? 4000);

function providerOf(perRead: number): Provider {
  return {
    name: 'memory',
    model: 'memory-1',
    isLanguageModel: false,
    async *generate(_request, context) {
      const labels = labelsOf(context);
      for (let sent = 0; sent < tokens; sent += perRead) {
        // A read of a socket is a turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        yield Array.from({ length: perRead }, (_, index) => {
          return { type: 'token', ...labels, text: ` token${sent + index}` } as const;
        });
      }
      yield [completedEvent(labels, { finishReason: 'stop', usage: { token_in: 1, token_out: tokens } })];
    },
  };
}

async function count(events: AsyncIterable<{ readonly type: string }>): Promise<void> {
  let seen = 0;
  for await (const event of events) if (event.type === 'token') seen++;
  if (seen !== tokens) throw new Error(`${seen} tokens of ${tokens} came`);
}

const contenders: Record<string, (chain: Chain) => Promise<void>> = {
  direct: (chain) => count(chain.stream({ messages })),
  sent: (chain) => count(readSSE(toSSEResponse(chain.stream({ messages })))),
  async hosted(chain) {
    const host = new RunHost();
    const run = chain.stream({ messages });
    await host.start(run);
    await count(readSSE(toSSEResponse(await host.events(run.req_id))));
  },
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

for (const perRead of [16, 1]) {
  const chain = new Chain({ provider: providerOf(perRead) });
  const results = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds + 10; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const before = process.cpuUsage();
      await run(chain);
      const { user, system } = process.cpuUsage(before);
      if (round >= 10) results.get(name)?.push((user + system) / tokens);
    }
  }
  console.log(`${tokens} tokens a run, ${perRead} a read, ${rounds} rounds`);
  const base = median(results.get('direct') ?? []);
  for (const [name, values] of results) {
    const value = median(values);
    console.log(`  ${name.padEnd(8)} ${value.toFixed(2)} µs/token   ratio ${(value / base).toFixed(2)}`);
  }
}
