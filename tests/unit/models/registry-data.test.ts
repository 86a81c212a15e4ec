import { describe, expect, it } from 'vitest';

import {
  modelEntryJsonSchema,
  modelEntrySchema,
  models,
  type FactSource,
  type ModelEntry,
} from '../../../src/models/index.ts';
import { encodingOf } from '../../../src/tokens/index.ts';

const named = models.entries.map((entry) => [entry.id, entry] as const);
const gpt = models.find('gpt-5-mini');

describe('the registry data', () => {
  it('holds models of all the vendors people use', () => {
    const vendors = new Set(models.entries.map(({ provider }) => provider));
    expect([...vendors].toSorted()).toEqual(
      [
        'alibaba',
        'anthropic',
        'deepseek',
        'google',
        'groq',
        'mistral',
        'moonshotai',
        'openai',
        'together',
        'xai',
      ].toSorted(),
    );
    expect(models.entries.length).toBeGreaterThanOrEqual(30);
  });

  it.each(named)('holds a valid entry: %s', (_, entry) => {
    expect(modelEntrySchema.parse(entry)).toEqual(entry);
  });

  it('gives no name to two models', () => {
    const names = models.entries.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(named)('is consistent: %s', (_, entry) => {
    const { type, reasoning, contextWindow, maxInput, maxOutput, prices } = entry;
    if (type === 'reasoning') expect(reasoning).toBe(true);
    if (type === 'embedding') expect([reasoning, maxOutput, prices.output]).toEqual([false, null, null]);
    if (contextWindow !== null)
      expect(Math.max(maxInput ?? 0, maxOutput ?? 0)).toBeLessThanOrEqual(contextWindow);
    expect(prices.cacheRead ?? 0).toBeLessThanOrEqual(prices.input ?? Infinity);
  });

  it.each(named)('never makes a long prompt cheaper: %s', (_, { prices }) => {
    const steps = [prices, ...(prices.longPrompt ?? [])];
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1] ?? { input: 0, output: 0 };
      expect(step.input ?? Infinity).toBeGreaterThanOrEqual(before.input ?? 0);
      expect(step.output ?? Infinity).toBeGreaterThanOrEqual(before.output ?? 0);
    }
  });

  it.each(named)(
    'says where it knows it from: %s',
    (_, { refuses, refusesWhileThinking, tokenizer, source }) => {
      expect(
        Object.entries(source).filter(([, sources]: [string, readonly FactSource[]]) => sources.length === 0),
      ).toEqual([]);
      expect(source.refuses !== undefined).toBe(refuses !== undefined || refusesWhileThinking !== undefined);
      expect(source.tokenizer !== undefined).toBe(tokenizer !== null);
    },
  );

  it('names the tokenizers that the counters use', () => {
    const exact = models.entries.filter(({ tokenizer }) => tokenizer !== null);
    expect(exact.length).toBeGreaterThan(5);
    for (const { id, tokenizer } of exact) expect(encodingOf(id)).toBe(tokenizer);
  });
});

describe('modelEntrySchema', () => {
  const bad: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['an unknown key', { price: 1 }],
    ['an unknown type', { type: 'image' }],
    ['a negative price', { prices: { input: -1, output: 1 } }],
    ['half a token', { contextWindow: 0.5 }],
    ['an id with a space', { id: 'gpt 5' }],
    [
      'a day that is none',
      { source: { model: [{ url: 'https://a.example', date: '2026-13-01' }], prices: [] } },
    ],
    ['no source', { source: undefined }],
    [
      'a source that is no https address',
      { source: { model: [{ url: 'file:///a', date: '2026-01-31' }], prices: [] } },
    ],
    [
      'steps that do not rise',
      {
        prices: {
          input: 1,
          output: 1,
          longPrompt: [
            { aboveTokens: 2, input: 1, output: 1 },
            { aboveTokens: 2, input: 1, output: 1 },
          ],
        },
      },
    ],
  ];

  it.each(bad)('refuses %s', (_, change) => {
    expect(modelEntrySchema.safeParse({ ...gpt, ...change }).success).toBe(false);
  });

  it('accepts what is not known as null', () => {
    const entry = { ...(gpt as ModelEntry), contextWindow: null, prices: { input: null, output: null } };
    expect(modelEntrySchema.parse(entry)).toEqual(entry);
  });

  it('is also there as a JSON Schema', () => {
    const schema = modelEntryJsonSchema();
    expect(schema).toMatchObject({ title: 'Model', type: 'object', additionalProperties: false });
    const always = Object.keys(gpt ?? {}).filter((key) => !['maxInput', 'refuses', 'images'].includes(key));
    expect((schema['required'] as string[]).toSorted()).toEqual(always.toSorted());
  });
});
