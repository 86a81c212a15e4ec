import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { ChainEvent, MetricsEvent } from '../../../src/event.ts';
import { textOf, type Message } from '../../../src/message.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { scriptedProvider, type ScriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { trim, type TrimStepOptions } from '../../../src/trim/trim.ts';
import { countingCosts, histories, pairsOf } from './histories.ts';

const turn = (n: number): Message[] => [
  { role: 'user', content: `質問 ${n}: how is number ${n}?` },
  { role: 'assistant', content: `Number ${n} is fine. ${'So it goes. '.repeat(8)}` },
];
const system: Message = { role: 'system', content: 'Be brief.' };

type Trimmed = Extract<MetricsEvent, { scope: 'trim' }>;

/** Says one thing more, and gives the figures of the trim and what was sent. */
async function say(
  chain: Chain,
  provider: ScriptedProvider,
  messages: Message[],
  state: Map<string, unknown>,
) {
  const events: ChainEvent[] = [];
  for await (const event of chain.stream({ messages, state })) events.push(event);
  const figures = events.find(
    (event): event is Trimmed & MetricsEvent => event.type === 'metrics' && event.scope === 'trim',
  );
  return { figures, sent: provider.requests.at(-1)?.messages ?? [], events };
}

function chainWith(options: Partial<TrimStepOptions>): { chain: Chain; provider: ScriptedProvider } {
  const provider = scriptedProvider(['fine']);
  const step = trim({ targetTokens: 600, strategy: 'recent', counter: countingCosts(), ...options });
  return { chain: new Chain({ provider }).use(step), provider };
}

describe('lowWater', () => {
  it('keeps the beginning of the prompt the same until the budget is hit again', async () => {
    const { chain, provider } = chainWith({});
    const state = new Map<string, unknown>();
    const costs = countingCosts();
    const messages: Message[] = [system];
    let [before, breaks, cached, last]: [readonly Message[], number, number, number] = [[], 0, 0, 0];
    for (let n = 0; n < 60; n += 1) {
      messages.push(...turn(n));
      const history: Message[] = [...messages, { role: 'user', content: `And ${n}?` }];
      const { sent, figures } = await say(
        chain,
        provider,
        history,
        new Map(JSON.parse(JSON.stringify([...state])) as []),
      );
      // The state goes through JSON, as a conversation that is stored does.
      const again = await say(chain, provider, history, state);
      expect(again.sent).toEqual(sent);
      expect(costs.request({ messages: sent })).toBeLessThanOrEqual(600);
      const isPrefix = before.slice(0, -1).every((message, index) => message === sent[index]);
      if (!isPrefix) breaks += 1;
      cached += figures?.cache_prefix_tokens ?? 0;
      [before, last] = [sent, sent.length];
    }
    // A window that slides breaks it at every turn.
    expect(breaks).toBeGreaterThan(2);
    expect(breaks).toBeLessThan(20);
    expect(cached).toBeGreaterThan(0);
    expect(last).toBeGreaterThan(5);
  });

  it('slides at every turn without it', async () => {
    const { chain, provider } = chainWith({ lowWater: 1 });
    const state = new Map<string, unknown>();
    const messages: Message[] = [system, ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].flatMap(turn)];
    const first = await say(chain, provider, [...messages, { role: 'user', content: 'And?' }], state);
    messages.push(...turn(13));
    const second = await say(chain, provider, [...messages, { role: 'user', content: 'And?' }], state);
    expect(second.sent[1]).not.toEqual(first.sent[1]);
    expect(second.figures?.cache_prefix_tokens).toBe(countingCosts().request({ messages: [system] }));
  });

  it('starts anew in another history', async () => {
    const { chain, provider } = chainWith({});
    const state = new Map<string, unknown>();
    const long = Array.from({ length: 30 }, (_, n) => turn(n)).flat();
    await say(chain, provider, [...long, { role: 'user', content: 'And?' }], state);
    const other: Message[] = [
      ...long.slice(0, -4),
      ...turn(98),
      ...turn(99),
      { role: 'user', content: 'And?' },
    ];
    const { events, figures } = await say(chain, provider, other, state);
    expect(JSON.stringify(events)).not.toContain('"stable"');
    expect(figures?.cache_prefix_tokens).toBe(countingCosts().request({ messages: [] }));
  });

  it('tells which messages stay for the sake of the cache', async () => {
    const { chain, provider } = chainWith({});
    const state = new Map<string, unknown>();
    const long = Array.from({ length: 30 }, (_, n) => turn(n)).flat();
    const first = await say(chain, provider, [...long, { role: 'user', content: 'And?' }], state);
    const longer: Message[] = [
      ...long,
      { role: 'user', content: 'And?' },
      { role: 'assistant', content: 'Fine.' },
      { role: 'user', content: 'So?' },
    ];
    const { events, sent, figures } = await say(chain, provider, longer, state);
    expect(
      events.find((event) => event.type === 'history-trim')?.messages.filter(({ why }) => why === 'stable')
        .length,
    ).toBe(first.sent.length + 1);
    expect(sent.slice(0, first.sent.length)).toEqual(first.sent);
    expect(figures?.cache_prefix_tokens).toBe(first.figures?.token_out);
  });
});

describe('a conversation that grows', () => {
  it('is inside the budget at every turn, with whole tool pairs and the current turn, through JSON', async () => {
    let stable = 0;
    const growing = fc.tuple(
      histories,
      fc.integer({ min: 60, max: 900 }),
      fc.constantFrom('recent', 'relevant', 'summary'),
    );
    await fc.assert(
      fc.asyncProperty(growing, async ([messages, targetTokens, strategy]) => {
        const { chain, provider } = chainWith({
          targetTokens,
          strategy: strategy as 'recent',
          lowWater: 0.7,
        });
        let state = new Map<string, unknown>();
        for (let end = 1; end <= messages.length; end += 2) {
          const history: Message[] = [...messages.slice(0, end), { role: 'user', content: 'And?' }];
          const failed = await say(chain, provider, history, state).then(
            ({ events }) => {
              stable += JSON.stringify(events).includes('"why":"stable"') ? 1 : 0;
              return undefined;
            },
            (error: unknown) => error,
          );
          if (failed instanceof BudgetImpossibleError) continue;
          expect(failed).toBe(undefined);
          const sent = provider.requests.at(-1)?.messages ?? [];
          expect(countingCosts().request({ messages: sent })).toBeLessThanOrEqual(targetTokens);
          expect(sent.at(-1)).toBe(history.at(-1));
          const kept = history.map((message) => sent.includes(message));
          const parted = pairsOf(history).filter(([call, found]) => kept[call] !== kept[found]);
          expect(parted).toEqual([]);
          expect(
            history.filter(
              ({ role, pinned }, at) => (role === 'system' || pinned === true) && kept[at] !== true,
            ),
          ).toEqual([]);
          state = new Map(JSON.parse(JSON.stringify([...state])) as [string, unknown][]);
        }
      }),
      { numRuns: 80 },
    );
    expect(stable).toBeGreaterThan(10);
  });
});

describe('semantic_retention', () => {
  const messages: Message[] = [
    ...Array.from({ length: 30 }, (_, n) => turn(n)).flat(),
    { role: 'user', content: 'And?' },
  ];
  const english: Message[] = messages.map((message): Message => ({
    ...message,
    content: textOf(message).replace('質問', 'q'),
  }));
  const embed = (texts: readonly string[]): Promise<number[][]> =>
    Promise.resolve(texts.map((text) => [text.length, text.split('o').length, 1]));

  it('is the cosine of the mean vectors, with its method', async () => {
    const { chain, provider } = chainWith({ embedder: { name: 'letters', embed } });
    const { figures } = await say(chain, provider, messages, new Map());
    expect(figures?.retention_method).toBe('mean-cosine:letters');
    expect(figures?.semantic_retention).toBeGreaterThan(0.9);
    expect(figures?.semantic_retention).toBeLessThanOrEqual(1);
  });

  it('is 1 where nothing had to go, without a question to the embedder', async () => {
    const embedder = { name: 'unused', embed: () => Promise.reject(new Error('not to be asked')) };
    const { chain, provider } = chainWith({ targetTokens: Infinity, embedder });
    expect((await say(chain, provider, messages, new Map())).figures?.semantic_retention).toBe(1);
  });

  it('is never measured on Japanese by an embedder that does not know it', async () => {
    const embedder = { name: 'letters', languages: ['en'], embed };
    const { chain, provider } = chainWith({ embedder });
    const japanese = await say(chain, provider, messages, new Map());
    expect(japanese.figures?.semantic_retention).toBe(null);
    expect(japanese.figures).not.toHaveProperty('retention_method');
    expect((await say(chain, provider, english, new Map())).figures?.semantic_retention).toBeGreaterThan(0.9);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('down'))],
    ['gives too few vectors', () => Promise.resolve([])],
    [
      'gives vectors of different lengths',
      (texts: readonly string[]) => Promise.resolve(texts.map((text) => Array.from(text, () => 1))),
    ],
  ])('is left out, with an issue, when the embedder %s', async (_, broken) => {
    const { chain, provider } = chainWith({ embedder: { name: 'broken', embed: broken } });
    const { figures, events } = await say(chain, provider, messages, new Map());
    expect(figures?.semantic_retention).toBe(null);
    expect(events).toContainEqual(expect.objectContaining({ type: 'issue', code: 'embedder-failed' }));
  });

  it('is left out when the embedder takes too long, and leaves no timer', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider(['fine']);
    const embedder = { name: 'slow', embed: () => new Promise<number[][]>(() => undefined) };
    const chain = new Chain({ provider, clock }).use(
      trim({ targetTokens: 600, counter: countingCosts(), embedder }),
    );
    const result = chain.stream({ messages }).result();
    await clock.advance(10_000);
    expect((await result).metrics.semantic_retention).toBe(null);
    expect(clock.pending).toBe(0);
  });
});
