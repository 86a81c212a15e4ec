import { createHook } from 'node:async_hooks';

import { describe, expect, it } from 'vitest';

import { completedEvent, labelsOf } from '../../../src/attempt-events.ts';
import { Chain } from '../../../src/chain.ts';
import type { TokenEvent } from '../../../src/event.ts';
import { persona } from '../../../src/persona/persona-step.ts';
import type { Provider } from '../../../src/provider.ts';
import { rewriteStep } from '../../../src/rewrite-step.ts';
import { trim } from '../../../src/trim/trim.ts';

const messages = [{ role: 'user', content: 'Hi' }] as const;

/** Yields batches that were made before, so that what is counted is the chain's own. */
function preparedProvider(batches: number, perBatch: number): { provider: Provider; sent: TokenEvent[] } {
  const sent: TokenEvent[] = [];
  const provider: Provider = {
    name: 'prepared',
    model: 'prepared-1',
    isLanguageModel: false,
    generate(_request, context) {
      const labels = labelsOf(context);
      const all = Array.from({ length: batches }, () =>
        Array.from({ length: perBatch }, (): TokenEvent => ({ type: 'token', ...labels, text: 'word ' })),
      );
      sent.push(...all.flat());
      const usage = { token_in: 1, token_out: batches * perBatch };
      const ends = [[...all, [completedEvent(labels, { finishReason: 'stop', usage })]]].flat();
      let next = 0;
      const iterator = {
        next: () => {
          const value = ends[next];
          next += 1;
          return Promise.resolve(
            value === undefined ? { value, done: true as const } : { value, done: false as const },
          );
        },
        return: () => Promise.resolve({ value: undefined, done: true as const }),
      };
      return { [Symbol.asyncIterator]: () => iterator };
    },
  };
  return { provider, sent };
}

async function promisesOf(work: () => Promise<void>): Promise<number> {
  let promises = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') promises += 1;
    },
  });
  hook.enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  return promises;
}

function chainOf(provider: Provider): Chain {
  const engineer = persona({ name: 'engineer', style: 'Plain.', forbid: ['foobarbaz'] });
  return new Chain({ provider }).use(engineer).use(trim({ targetTokens: 4096 }));
}

async function readAll(chain: Chain): Promise<number> {
  let length = 0;
  for await (const text of chain.stream({ messages }).tokens()) length += text.length;
  return length;
}

/** Promises that one more batch makes. */
async function promisesPerBatch(perBatch: number): Promise<number> {
  const count = async (batches: number): Promise<number> => {
    const { provider } = preparedProvider(batches, perBatch);
    return promisesOf(async () => void (await readAll(chainOf(provider))));
  };
  await count(10);
  const [few, many] = [await count(100), await count(1100)];
  return (many - few) / 1000;
}

describe('what a streamed token costs, counted', () => {
  it('makes no more promises for a batch than three layers and the reader need, and two for each token in it', async () => {
    const [alone, sixteen] = [await promisesPerBatch(1), await promisesPerBatch(16)];
    expect(alone).toBeLessThanOrEqual(20);
    expect((sixteen - alone) / 15).toBeLessThanOrEqual(2);
  });

  it('hands on the very events that the provider made', async () => {
    const { provider, sent } = preparedProvider(50, 16);
    const seen: TokenEvent[] = [];
    for await (const event of chainOf(provider).stream({ messages }))
      if (event.type === 'token') seen.push(event);
    expect(seen.length).toBe(800);
    expect(seen.every((event, at) => event === sent[at])).toBe(true);
  });

  it('costs no more for a step that only rewrites the request', async () => {
    const count = async (steps: number): Promise<number> => {
      const perBatch = async (batches: number): Promise<number> => {
        const { provider } = preparedProvider(batches, 4);
        let chain = chainOf(provider);
        for (let step = 0; step < steps; step += 1)
          chain = chain.use(
            rewriteStep({ name: `step-${step}`, stage: 'call', rewrite: (request) => request }),
          );
        return promisesOf(async () => void (await readAll(chain)));
      };
      return ((await perBatch(300)) - (await perBatch(100))) / 200;
    };
    await count(0);
    expect(await count(10)).toBeCloseTo(await count(0), 1);
  });
});
