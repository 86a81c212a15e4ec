import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { trim } from '../../../src/trim/trim.ts';
import { countingCosts } from './histories.ts';

const messages: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: '長い質問です。'.repeat(30) },
  { role: 'assistant', content: 'A long answer. '.repeat(30) },
  { role: 'user', content: 'Short question' },
  { role: 'assistant', content: 'Short answer' },
  { role: 'user', content: 'And now?' },
];

async function eventsOf(run: AsyncIterable<ChainEvent>): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

describe('trim', () => {
  it('sends what fits, and tells what it did before the call', async () => {
    const provider = scriptedProvider(['fine']);
    const chain = new Chain({ provider }).use(
      trim({ targetTokens: 80, strategy: 'recent', counter: countingCosts() }),
    );
    const events = await eventsOf(chain.stream({ messages, temperature: 0.5 }));
    expect(provider.requests[0]).toEqual({ messages: [messages[0], ...messages.slice(3)], temperature: 0.5 });
    expect(events.slice(1, 6).map(({ type }) => type)).toEqual([
      'step-start',
      'history-trim',
      'metrics',
      'step-end',
      'attempt-start',
    ]);
    expect(events[2]).toMatchObject({ type: 'history-trim', strategy: 'recent', targetTokens: 80 });
    expect(events[3]).toMatchObject({
      scope: 'trim',
      token_in: 227,
      token_out: 46,
      compress_ratio: 46 / 227,
      fact_retention: 0.5,
      estimated: false,
    });
    for (const event of events) expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  });

  it('passes the request on untouched when it fits', async () => {
    const provider = scriptedProvider(['fine']);
    const chain = new Chain({ provider }).use(trim({ targetTokens: 5000, counter: countingCosts() }));
    const { metrics } = await chain.stream({ messages }).result();
    expect(provider.requests[0]?.messages).toBe(messages);
    expect(metrics.compress_ratio).toBe(1);
  });

  it('throws to the reader, and sends nothing, when what must stay is over the budget', async () => {
    const provider = scriptedProvider(['never']);
    const chain = new Chain({ provider }).use(trim({ targetTokens: 10, counter: countingCosts() }));
    await expect(chain.stream({ messages }).result()).rejects.toThrow(BudgetImpossibleError);
    expect(provider.requests).toEqual([]);
  });

  it('sends just what must stay when it is told to, and says so', async () => {
    const provider = scriptedProvider(['fine']);
    const chain = new Chain({ provider }).use(
      trim({ targetTokens: 10, onImpossible: 'keep', counter: countingCosts() }),
    );
    const events = await eventsOf(chain.stream({ messages }));
    expect(provider.requests[0]?.messages).toEqual([messages[0], messages[5]]);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'issue', code: 'budget-impossible', severity: 'warning' }),
    );
  });

  it('trims every call of the plan', async () => {
    const provider = scriptedProvider(['one', 'two']);
    const twice = {
      name: 'twice',
      stage: 'plan' as const,
      wrap: (next: Parameters<ReturnType<typeof trim>['wrap']>[0]): typeof next =>
        async function* (request, context) {
          yield* next(request, { ...context, phase: 'draft', answer: false });
          yield* next(request, { ...context, phase: 'final' });
        },
    };
    const chain = new Chain({ provider })
      .use(trim({ targetTokens: 80, counter: countingCosts() }))
      .use(twice);
    await chain.stream({ messages }).result();
    expect(provider.requests.map((request) => request.messages.length)).toEqual([4, 4]);
  });
});

describe('the counter of the step', () => {
  it.each([
    ['gpt-5-mini', false],
    ['some-new-model', true],
  ])('is that of the model: %s', async (model, estimated) => {
    const chain = new Chain({ provider: scriptedProvider(['fine'], { model }) }).use(
      trim({ targetTokens: 60 }),
    );
    for (const asked of [
      { messages },
      { messages: [...messages, { role: 'user', content: 'Again?' } as const] },
    ]) {
      const events = await eventsOf(chain.stream(asked));
      expect(events.find((event) => event.type === 'metrics')).toMatchObject({ scope: 'trim', estimated });
    }
  });

  it('goes by the model of the request before that of the provider', async () => {
    const chain = new Chain({ provider: scriptedProvider(['fine']) }).use(trim({ targetTokens: 60 }));
    const events = await eventsOf(chain.stream({ messages, model: 'gpt-4o' }));
    expect(events.find((event) => event.type === 'metrics')).toMatchObject({
      scope: 'trim',
      estimated: false,
    });
  });
});
