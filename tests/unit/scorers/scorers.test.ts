import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { lexicalEmbedder } from '../../../src/embedders/index.ts';
import type { Scorer } from '../../../src/scorer.ts';
import {
  embeddingScorer,
  formatScorer,
  gate,
  jsonScorer,
  lengthScorer,
  repetitionScorer,
  termsScorer,
} from '../../../src/scorers/index.ts';

/** Score, whether it passes, and how many problems it has. */
async function judged(scorer: Scorer, text: string): Promise<readonly [number, boolean, number]> {
  const { name, score, pass, details } = await scorer.score({ text });
  expect(name).toBe(scorer.name);
  expect(score).toBeGreaterThanOrEqual(0);
  expect(score).toBeLessThanOrEqual(1);
  return [Math.round(score * 1000) / 1000, pass, details.problems.length];
}

describe('length', () => {
  it.each([
    [{ max: 5 }, 'four', [1, true, 0]],
    [{ max: 5 }, '日本語です', [1, true, 0]],
    [{ max: 5 }, 'ten letter', [0.5, false, 1]],
    [{ min: 10 }, ' 😀😀😀😀😀 ', [0.5, false, 1]],
    [{ min: 2, max: 4, unit: 'words' }, 'Three words here.', [1, true, 0]],
    [{ max: 4, unit: 'words' }, '会議は火曜日に変更されました。', [0.444, false, 1]],
  ] as const)('%j of %j', async (options, text, expected) => {
    await expect(judged(lengthScorer(options), text)).resolves.toEqual(expected);
  });
});

describe('format', () => {
  it.each([
    [{ headings: ['概要', '詳細'] }, '# 概要\nx\n## 詳細 ##\ny', [1, true, 0]],
    [{ headings: ['Summary', 'Details'] }, '# Details\n# Summary', [0, false, 1]],
    [{ list: true, code: false }, '・一つ\n・ 二つ', [1, true, 0]],
    [{ list: false }, '1. one', [0, false, 1]],
    [{ code: true }, '```ts\nx', [0, false, 1]],
    [{ maxLines: 2, maxParagraphs: 1 }, 'a\n\nb\n\nc', [0, false, 2]],
    [{ startsWith: '結論', endsWith: '以上', language: 'ja' }, '結論：よい。以上', [1, true, 0]],
    [{ startsWith: 'So', language: 'en' }, 'これは', [0, false, 2]],
  ] as const)('%j of %j', async (rules, text, expected) => {
    await expect(judged(formatScorer(rules), text)).resolves.toEqual(expected);
  });
});

describe('terms', () => {
  it('compares as the guard does', async () => {
    const scorer = termsScorer({ required: ['納期', 'SLA'], forbidden: ['バカ', 'synergy'] });
    await expect(judged(scorer, '納期とｓｌａを守ります')).resolves.toEqual([1, true, 0]);
    await expect(judged(scorer, '納期、syn\u200bergy、ﾊﾞｶ')).resolves.toEqual([0.25, false, 3]);
    const { details } = await scorer.score({ text: 'SLA、納期、ばか' });
    expect(details.problems).toEqual([{ problem: 'The text must not hold «バカ».', quote: 'バカ' }]);
  });

  it('sees a term that is required and part of a forbidden one, and equal ones', async () => {
    const scorer = termsScorer({ required: ['cat', 'CAT'], forbidden: ['concat'] });
    await expect(judged(scorer, 'a cat')).resolves.toEqual([1, true, 0]);
    await expect(judged(scorer, 'concat')).resolves.toEqual([0.667, false, 1]);
  });
});

describe('repetition', () => {
  it.each([
    ['The launch moves to Wednesday because Tuesday is a holiday.', true],
    ['I will do it. '.repeat(10), false],
    ['検討します。前向きに検討します。'.repeat(6), false],
    ['打ち合わせは火曜日です。資料は月曜日までに送ってください。', true],
    ['', true],
  ] as const)('%j', async (text, pass) => {
    expect((await repetitionScorer().score({ text })).pass).toBe(pass);
  });
});

describe('json', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string', minLength: 2, pattern: '^\\p{L}+$' },
      degrees: { type: 'integer', minimum: -50, exclusiveMaximum: 60 },
      tags: { type: 'array', items: { $ref: '#/$defs/tag' }, uniqueItems: true, maxItems: 3 },
      kind: { oneOf: [{ const: 'a' }, { enum: ['b', null] }] },
    },
    required: ['city'],
    additionalProperties: false,
    $defs: { tag: { type: 'string', not: { const: 'x' } } },
  };

  it.each([
    ['{"city":"大阪","degrees":31,"tags":["a","b"],"kind":null}', 0, 1],
    ['Here:\n```json\n{"city":"Osaka"}\n```', 0, 1],
    ['{"degrees":31.5}', 2, 0.6],
    ['{"city":"x1","more":1}', 2, 0.6],
    ['{"city":"大阪","degrees":60,"tags":["a","a","x",4],"kind":"c"}', 6, 0.2],
    ['[]', 1, 0.8],
    ['no JSON', 1, 0],
  ])('%s has %i problems', async (text, problems, score) => {
    const scorer = jsonScorer({ schema });
    const judgement = await scorer.score({ text });
    expect(judgement.details.problems).toHaveLength(problems);
    expect(judgement.score).toBeCloseTo(score, 9);
  });

  it('names the place', async () => {
    const { details } = await jsonScorer({ schema }).score({ text: '{"city":"a","tags":["x"]}' });
    expect(details.problems.map(({ problem }) => problem)).toEqual([
      'city: minLength is 2',
      'tags[0]: must not match',
    ]);
  });

  it('takes a Standard Schema, any JSON, and JSON alone', async () => {
    const zod = jsonScorer({ schema: z.object({ n: z.number() }) });
    await expect(judged(zod, '{"n":1}')).resolves.toEqual([1, true, 0]);
    await expect(judged(zod, '{"n":"1"}')).resolves.toEqual([0.8, false, 1]);
    await expect(judged(jsonScorer(), 'so: [1]')).resolves.toEqual([1, true, 0]);
    await expect(judged(jsonScorer({ strict: true }), 'so: [1]')).resolves.toEqual([0, false, 1]);
  });

  it('ends for a schema that refers to itself', async () => {
    const loop = jsonScorer({ schema: { $ref: '#' } });
    await expect(judged(loop, '{}')).resolves.toEqual([0.8, false, 1]);
    const twice = jsonScorer({ schema: { allOf: [{ $ref: '#' }, { $ref: '#' }] } });
    expect((await twice.score({ text: '{}' })).pass).toBe(false);
    const tree = { type: 'object', properties: { next: { $ref: '#' } }, required: ['v'] };
    await expect(judged(jsonScorer({ schema: tree }), '{"v":1,"next":{"v":2,"next":{}}}')).resolves.toEqual([
      0.8,
      false,
      1,
    ]);
  });
});

describe('embedding', () => {
  const vectors: Record<string, number[]> = { East: [1, 0], North: [0, 1], Between: [1, 1], West: [-1, 0] };
  const embedder = {
    name: 'table',
    embed: async (texts: readonly string[]) => texts.map((text) => vectors[text] ?? [0, 0]),
  };

  it('matches each part with its nearest, both ways', async () => {
    const { details, score, name } = await embeddingScorer(embedder).score({
      text: 'East\nBetween',
      reference: 'East\nNorth',
    });
    const half = Math.SQRT1_2;
    expect(name).toBe('embedding:table');
    expect(details['precision']).toBeCloseTo((1 + half) / 2, 9);
    expect(details['recall']).toBeCloseTo((1 + half) / 2, 9);
    expect(score).toBeCloseTo((1 + half) / 2, 9);
    await expect(embeddingScorer(embedder).score({ text: 'West', reference: 'East' })).resolves.toMatchObject(
      {
        score: 0,
        pass: false,
      },
    );
    await expect(embeddingScorer(embedder).score({ text: '', reference: 'East' })).resolves.toMatchObject({
      score: 0,
    });
  });

  it.each([
    ['The launch moves to Wednesday.', 'The launch is moved to Wednesday.', 'Bananas are yellow.'],
    ['会議は火曜日に変更されました。', '会議が火曜日に変わりました。', '天気がよいです。'],
  ])('works with the embedder of this house, in batches (%s)', async (reference, near, far) => {
    let most = 0;
    const counted = {
      ...lexicalEmbedder(),
      embed: (texts: readonly string[]) => {
        most = Math.max(most, texts.length);
        return lexicalEmbedder().embed(texts);
      },
    };
    const scorer = embeddingScorer(counted, { threshold: 0.4, unit: 'sentence' });
    const score = async (text: string) => (await scorer.score({ text, reference })).score;
    expect(await score(near)).toBeGreaterThan(await score(far));
    await scorer.score({
      text: Array.from({ length: 60 }, (_, index) => `Sentence ${index}.`).join(' '),
      reference,
    });
    expect(most).toBeLessThanOrEqual(24);
  });

  it('stops with its signal, and says what is wrong with an embedder', async () => {
    const input = { text: 'East', reference: 'North' };
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(embeddingScorer(embedder).score({ ...input, signal: aborted })).rejects.toThrow('enough');
    const short = { name: 'short', embed: async () => [] };
    await expect(embeddingScorer(short).score(input)).rejects.toMatchObject({ code: 'invalid-input' });
    const broken = { name: 'nan', embed: async (texts: readonly string[]) => texts.map(() => [Number.NaN]) };
    await expect(embeddingScorer(broken).score(input)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('gate', () => {
  const parts = [lengthScorer({ max: 10 }), termsScorer({ forbidden: ['bad'] })];

  it('passes when all pass, and tells all problems', async () => {
    await expect(judged(gate(parts), 'good')).resolves.toEqual([1, true, 0]);
    await expect(judged(gate(parts), 'bad, and far too long')).resolves.toEqual([0.238, false, 2]);
    const nested = await gate([gate(parts), repetitionScorer()]).score({ text: 'bad' });
    expect(nested).toMatchObject({
      name: 'gate',
      pass: false,
      details: { scores: [{ name: 'gate' }, { name: 'repetition' }] },
    });
  });

  it('passes by the mean, weighted', async () => {
    await expect(judged(gate(parts, { threshold: 0.7, weights: [3, 1] }), 'bad')).resolves.toEqual([
      0.75,
      true,
      1,
    ]);
  });
});

describe('bad input', () => {
  it.each([
    [() => lengthScorer({ min: 5, max: 4 })],
    [() => lengthScorer({ max: Number.NaN })],
    [() => formatScorer({})],
    [() => termsScorer({})],
    [() => termsScorer({ required: ['\u200b'] })],
    [() => repetitionScorer({ words: 0 })],
    [() => repetitionScorer({ maxShare: 2 })],
    [() => gate([])],
    [() => gate([lengthScorer({ max: 1 })], { weights: [0] })],
    [() => gate([lengthScorer({ max: 1 })], { threshold: 7 })],
    [() => jsonScorer({ schema: { if: {} } })],
    [() => jsonScorer({ schema: { properties: { a: { pattern: '(' } } } })],
    [() => jsonScorer({ schema: { anyOf: 5 } })],
  ])('is an error where it is made %#', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  });

  it('is an error where a text is missing', async () => {
    await expect(lengthScorer({ max: 1 }).score({} as never)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await expect(lengthScorer({ max: 1 }).score(undefined as never)).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});
