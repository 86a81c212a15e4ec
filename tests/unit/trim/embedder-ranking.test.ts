import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { textOf, type Message } from '../../../src/message.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import type { Embedder } from '../../../src/trim/embedder.ts';
import { trim, type TrimStepOptions } from '../../../src/trim/trim.ts';
import { countingCosts } from './histories.ts';

const topics = [
  /automobile|mechanic|car\b|自動車|クルマ|整備/iu,
  /tea\b|kettle|お茶|急須/iu,
  /rain|umbrella|雨|傘/iu,
];

/** Knows which words mean the same, and says what it was asked. */
function synonyms(options: Partial<Embedder> = {}): Embedder & { asked: string[][] } {
  const asked: string[][] = [];
  return {
    name: 'synonyms',
    asked,
    embed: (texts) => {
      asked.push([...texts]);
      return Promise.resolve(
        texts.map((text) => [...topics.map((topic) => (topic.test(text) ? 1 : 0)), 0.1]),
      );
    },
    ...options,
  };
}

const english: Message[] = [
  { role: 'user', content: 'The automobile went to the mechanic, forty dollars.' },
  ...Array.from({ length: 30 }, (_, n): Message => ({
    role: n % 2 === 0 ? 'assistant' : 'user',
    content: n % 3 === 0 ? `Green tea number ${n}, the kettle sings.` : `It will rain, umbrella number ${n}.`,
  })),
  { role: 'assistant', content: 'Fine.' },
  { role: 'user', content: 'Did anything happen with that old car last spring?' },
];
const japanese: Message[] = [
  { role: 'user', content: '自動車のブレーキの整備に二万四千円払いました。' },
  ...Array.from({ length: 30 }, (_, n): Message => ({
    role: n % 2 === 0 ? 'assistant' : 'user',
    content: n % 3 === 0 ? `緑のお茶その${n}、急須が鳴る。` : `雨になるらしい、傘は${n}本。`,
  })),
  { role: 'assistant', content: 'なるほど。' },
  { role: 'user', content: '春先にうちのクルマを直すのはいくらでしたか？' },
];

async function ask(messages: readonly Message[], embedder: Embedder, options: Partial<TrimStepOptions> = {}) {
  const provider = scriptedProvider(['fine']);
  const step = trim({ targetTokens: 160, counter: countingCosts(), embedder, ...options });
  const events: ChainEvent[] = [];
  for await (const event of new Chain({ provider }).use(step).stream({ messages })) events.push(event);
  return { events, sent: provider.requests[0]?.messages ?? [] };
}

const issues = (events: readonly ChainEvent[]) => events.filter(({ type }) => type === 'issue');

describe('an embedder in the ranking', () => {
  it.each([
    ['English', english],
    ['Japanese', japanese],
  ])('keeps what means the same in other words, %s', async (_, messages) => {
    const { sent, events } = await ask(messages, synonyms());
    expect(sent).toContain(messages[0]);
    expect(countingCosts().request({ messages: sent })).toBeLessThanOrEqual(160);
    expect(issues(events)).toEqual([]);
    // Without it nothing but words counts, and there is none in common.
    expect((await ask(messages, synonyms(), { rankWithEmbedder: false })).sent).not.toContain(messages[0]);
  });

  it('is not used for a query in a language that it does not know', async () => {
    const embedder = synonyms({ languages: ['en'] });
    expect((await ask(japanese, embedder)).sent).not.toContain(japanese[0]);
    expect(embedder.asked).toEqual([]);
    expect((await ask(english, embedder)).sent).toContain(english[0]);
    expect((await ask(english, synonyms({ languages: ['ja'] }))).sent).not.toContain(english[0]);
  });

  it('is not shown the messages of a language that it does not know', async () => {
    const embedder = synonyms({ languages: ['en-GB'] });
    const mixed = [...japanese.slice(0, -1), ...english];
    expect((await ask(mixed, embedder)).sent).toContain(english[0]);
    expect(embedder.asked.flat().filter((text) => /[ぁ-ん]/u.test(text))).toEqual([]);
  });

  it('is not asked where everything fits', async () => {
    const embedder = synonyms();
    await ask(english, embedder, { targetTokens: Infinity });
    expect(embedder.asked).toEqual([]);
  });

  it('embeds each text once, in batches of 24 at most, also in messages that were stored and read', async () => {
    const embedder = synonyms();
    const provider = scriptedProvider(['fine']);
    const chain = new Chain({ provider }).use(
      trim({ targetTokens: 160, counter: countingCosts(), embedder }),
    );
    await chain.stream({ messages: english }).result();
    await chain.stream({ messages: structuredClone(english) }).result();
    const texts = embedder.asked.flat();
    expect(texts.toSorted()).toEqual([...new Set(english.map(textOf))].toSorted());
    expect(Math.max(...embedder.asked.map(({ length }) => length))).toBeLessThanOrEqual(24);
  });

  it('ranks tool calls by their results', async () => {
    const messages: Message[] = [
      { role: 'user', content: 'Look it up.' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'a', content: 'automobile 240' },
      ...english.slice(1),
    ];
    expect((await ask(messages, synonyms())).sent).toContain(messages[2]);
  });
});

describe('an embedder that is no help', () => {
  const words = () => ask(english, synonyms(), { rankWithEmbedder: false });

  it.each([
    ['throws', () => Promise.reject(new Error('down'))],
    [
      'throws at once',
      () => {
        throw new Error('down');
      },
    ],
    ['gives too few vectors', () => Promise.resolve([[1, 2]])],
    [
      'gives vectors of different lengths',
      (texts: readonly string[]) =>
        Promise.resolve(texts.map((_, at) => Array.from({ length: 1 + (at % 2) }, () => 1))),
    ],
  ])('leaves the ranking to the words, and says so once, when it %s', async (_, embed) => {
    const { sent, events } = await ask(english, { name: 'broken', embed });
    expect(sent).toEqual((await words()).sent);
    expect(issues(events)).toEqual([
      expect.objectContaining({ source: 'trim', code: 'embedder-failed', severity: 'warning' }),
    ]);
  });

  it('says nothing where the vectors mean nothing', async () => {
    const { sent } = await ask(english, {
      name: 'void',
      embed: (texts) => Promise.resolve(texts.map(() => [0, Number.NaN])),
    });
    expect(sent).toEqual((await words()).sent);
  });

  it('is waited for ten seconds, told to stop, and left alone for a minute', async () => {
    const clock = new FakeClock();
    const signals: AbortSignal[] = [];
    const embedder: Embedder = {
      name: 'slow',
      embed: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    };
    const provider = scriptedProvider(['fine']);
    const chain = new Chain({ provider, clock }).use(
      trim({ targetTokens: 160, counter: countingCosts(), embedder }),
    );
    const first = chain.stream({ messages: english }).result();
    await clock.advance(10_000);
    expect((await first).text).toBe('fine');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await chain.stream({ messages: english }).result()).text).toBe('fine');
    expect(signals).toHaveLength(1);
    expect(provider.requests[1]?.messages).toEqual((await words()).sent);
    await clock.advance(60_000);
    const third = chain.stream({ messages: english }).result();
    await clock.advance(10_000);
    await third;
    expect(signals).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it('lets others have their turn between batches, also when it computes at once', async () => {
    const turns: boolean[] = [];
    let waited = true;
    const embedder: Embedder = {
      name: 'busy',
      embed: (texts) => {
        turns.push(waited);
        waited = false;
        setTimeout(() => (waited = true));
        return Promise.resolve(texts.map((text) => [text.length, 1]));
      },
    };
    await ask([...english, ...japanese, ...english.slice(-1)], embedder);
    expect(turns.length).toBeGreaterThan(2);
    expect(turns).not.toContain(false);
  });

  it('does not hold up an abort', async () => {
    const embedder: Embedder = { name: 'slow', embed: () => new Promise(() => undefined) };
    const provider = scriptedProvider(['never']);
    const run = new Chain({ provider })
      .use(trim({ targetTokens: 160, counter: countingCosts(), embedder }))
      .stream({ messages: english });
    const result = run.result();
    await Promise.resolve();
    run.abort();
    expect((await result).finishReason).toBe('aborted');
    expect(provider.requests).toEqual([]);
  });
});
