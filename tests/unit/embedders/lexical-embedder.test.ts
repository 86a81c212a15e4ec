import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { lexicalEmbedder } from '../../../src/embedders/lexical-embedder.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { trim } from '../../../src/trim/trim.ts';

const embedder = lexicalEmbedder();

async function vectorOf(text: string): Promise<Float32Array> {
  const [vector] = await embedder.embed([text]);
  if (vector === undefined) throw new Error('no vector');
  return vector;
}

async function cosine(one: string, other: string): Promise<number> {
  const [a, b] = [await vectorOf(one), await vectorOf(other)];
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

describe('lexicalEmbedder', () => {
  it('gives one vector of length 1 per text, the same every time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 60 })), async (texts) => {
        const vectors = await embedder.embed(texts);
        expect(vectors).toHaveLength(texts.length);
        expect(await lexicalEmbedder().embed(texts)).toEqual(vectors);
        for (const [place, vector] of vectors.entries()) {
          expect(vector).toHaveLength(1024);
          const isBlank = texts[place]?.normalize('NFKC').trim() === '';
          if (!isBlank) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  it.each([
    [
      'The parcel left Osaka on Monday.',
      'On Monday the parcels were leaving Osaka.',
      'My cat sleeps all day long.',
    ],
    ['荷物は月曜日に大阪を出ました。', '月曜日に荷物が大阪から出発した。', '猫は一日中ずっと寝ています。'],
  ])('holds what says the same for nearer: %s', async (text, near, far) => {
    expect(await cosine(text, near)).toBeGreaterThan((await cosine(text, far)) + 0.2);
    expect(await cosine(text, text)).toBeCloseTo(1, 5);
  });

  it.each([
    ['ＺＸ－４７１１', 'zx-4711'],
    ['カタマリ', 'ｶﾀﾏﾘ'],
    ['Hello  \n World', 'hello world'],
  ])('takes two spellings of the same for one: %s', async (one, other) => {
    expect(await cosine(one, other)).toBeCloseTo(1, 5);
  });

  it('has a vector for a single character, and none for blanks', async () => {
    expect(await cosine('猫', '猫')).toBeCloseTo(1, 5);
    expect(await cosine('猫', '犬')).toBeLessThan(0.5);
    expect((await vectorOf(' \n')).every((value) => value === 0)).toBe(true);
  });

  it.each([0, 15, 65_537, 20.5, Number.NaN])('refuses %s dimensions', (dimensions) => {
    expect(() => lexicalEmbedder({ dimensions })).toThrow(/dimensions/);
  });

  it.each([
    [
      'English',
      (n: number) => `We talked about the garden and its ${n} roses for a long while.`,
      'And the roses?',
    ],
    ['Japanese', (n: number) => `庭の${n}本の薔薇について長いあいだ話しました。`, '薔薇はどうですか？'],
  ])('measures semantic_retention in a chain: %s', async (_, say, question) => {
    const messages: Message[] = [
      ...Array.from({ length: 12 }, (_value, n): Message => ({
        role: n % 2 === 0 ? 'user' : 'assistant',
        content: say(n),
      })),
      { role: 'user', content: question },
    ];
    const step = trim({ targetTokens: 120, embedder });
    const chain = new Chain({ provider: scriptedProvider(['Lovely.']) }).use(step);
    const events: ChainEvent[] = [];
    for await (const event of chain.stream({ messages })) events.push(event);
    const figures = events.find((event) => event.type === 'metrics' && event.scope === 'trim');
    expect(figures).toMatchObject({ retention_method: 'mean-cosine:char-ngram-hash' });
    const { semantic_retention: retention, compress_ratio: ratio } = { ...figures } as Record<
      string,
      unknown
    >;
    expect(ratio).toBeLessThan(1);
    expect(retention).toBeGreaterThan(0.5);
    expect(retention).toBeLessThan(1);
  });
});
