import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ModelRegistry, models, type ModelEntry } from '../../../src/models/index.ts';

const base = models.find('gpt-4o') as ModelEntry;
const entry = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({ ...base, id, ...more });
const anyEntry = fc.constantFrom(...models.entries);

describe('ModelRegistry.find', () => {
  it.each([
    ['gpt-5-mini', 'gpt-5-mini'],
    ['openai/gpt-5-mini', 'gpt-5-mini'],
    ['OpenAI/GPT-5-Mini', 'gpt-5-mini'],
    ['azure/gpt-4o', 'gpt-4o'],
    ['gpt-35-turbo', 'gpt-3.5-turbo'],
    ['gpt-35-turbo-0125', 'gpt-3.5-turbo'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o-mini-2024-07-18', 'gpt-4o-mini'],
    ['gpt-5.6', 'gpt-5.6-sol'],
    ['models/gemini-2.5-flash', 'gemini-2.5-flash'],
    ['vertex_ai/gemini-2.5-flash-lite', 'gemini-2.5-flash-lite'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5'],
    ['openrouter/anthropic/claude-haiku-4.5', 'claude-haiku-4-5'],
    ['claude-haiku-4-5-latest', 'claude-haiku-4-5'],
    ['x-ai/grok-4.7', 'grok-4.7'],
    ['mistral-medium-latest', 'mistral-medium-2604'],
    ['deepseek/deepseek-v4-pro:free', 'deepseek-v4-pro'],
    ['deepseek-v4-flash', 'deepseek-flash'],
    ['dashscope/qwen3-max', 'qwen3-max'],
    ['groq/openai/gpt-oss-20b', 'groq/openai/gpt-oss-20b'],
    [
      'together_ai/together/meta-llama/llama-3.3-70b-instruct-turbo',
      'together/meta-llama/Llama-3.3-70B-Instruct-Turbo',
    ],
  ])('knows %s as %s', (name, id) => {
    expect(models.find(name)?.id).toBe(id);
  });

  it('does not take the first GPT-4o, which was dearer, for the later one', () => {
    expect(models.find('gpt-4o-2024-05-13')?.prices.input).toBe(5);
    expect(models.find('openai/gpt-4o-2024-11-20')?.prices.input).toBe(2.5);
  });

  it.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['gpt-4.1', 'gpt-4.1-mini'],
    ['gpt-5', 'gpt-5-mini'],
    ['gpt-5', 'gpt-5.1'],
    ['gpt-5.4', 'gpt-5.4-nano'],
    ['o3', 'o4-mini'],
    ['gemini-2.5-flash', 'gemini-2.5-flash-lite'],
    ['claude-opus-5', 'claude-opus-5-5'],
    ['claude-sonnet-4-5', 'claude-sonnet-4-6'],
    ['text-embedding-3-large', 'text-embedding-3-small'],
  ])('tells %s from %s', (one, other) => {
    expect(models.find(one)?.id).toBe(one);
    expect(models.find(other)?.id).toBe(other);
    expect(new ModelRegistry([entry(one)]).find(other)).toBeUndefined();
    expect(new ModelRegistry([entry(other)]).find(one)).toBeUndefined();
  });

  it.each([
    'gpt-4',
    'gpt-5-codex',
    'gpt-5-chat-latest',
    'gpt-4o-audio-preview',
    'gpt-4o-2024-13-45',
    'o3-pro',
    'ft:gpt-4o:acme::1',
    'claude-sonnet',
    'gemini-2.5-flash-preview-04-17',
    'mistral-large-2411',
    'gpt-5-mini:batch',
    'mistral/gpt-4o',
    'fireworks/deepseek-v4-pro',
    'openai/gpt-oss-120b',
    'together/openai/gpt-oss-120b',
    'constructor/gpt-4o',
    '__proto__',
    'gpt-4o/',
    `${'openai/'.repeat(100)}gpt-4o`,
    '/',
    '',
  ])('does not guess at «%s»', (name) => {
    expect(models.find(name)).toBeUndefined();
  });

  it('finds every model under its vendor, on a route and on a day', () => {
    const ending = fc.constantFrom(
      '',
      '-latest',
      ':free',
      '-2026-01-31',
      '-20260131',
      '@20260131',
      '-20260131:free',
    );
    fc.assert(
      fc.property(anyEntry, fc.boolean(), ending, (model, prefixed, end) => {
        const name = `${prefixed ? `${model.provider}/` : ''}${model.id}${end}`;
        expect(models.find(name)?.id).toBe(model.id);
      }),
    );
  });

  it('never takes a longer name for a model it begins with', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((text) => text !== 'latest');
    fc.assert(
      fc.property(anyEntry, fc.constantFrom('-', '.', ''), word, (model, hyphen, more) => {
        const name = `${model.id}${hyphen}${more}`;
        const found = models.find(name);
        const own = [found?.id, ...(found?.aliases ?? [])].map((text) => text?.toLowerCase());
        expect(own).toContain(found === undefined ? undefined : name.toLowerCase());
      }),
    );
  });
});

describe('ModelRegistry', () => {
  it('is empty when nothing is given', () => {
    expect(new ModelRegistry().entries).toEqual([]);
    expect(new ModelRegistry().find('gpt-4o')).toBeUndefined();
  });

  it('is extended and overridden into another one', () => {
    const mine = models.with([
      entry('gpt-4o', { prices: { input: 1, output: 2 } }),
      entry('東京-7b', { provider: '社内', aliases: ['tokyo'] }),
    ]);
    expect(mine.find('openai/gpt-4o')?.prices.input).toBe(1);
    expect(mine.find('社内/東京-7b:free')?.id).toBe('東京-7b');
    expect(mine.find('tokyo')?.id).toBe('東京-7b');
    expect(mine.entries).toHaveLength(models.entries.length + 1);
    expect(models.find('gpt-4o')?.prices.input).toBe(2.5);
    expect(models.find('tokyo')).toBeUndefined();
  });

  it('does not follow changes of the list it was given, nor lets its own be changed', () => {
    const list = [entry('one')];
    const registry = new ModelRegistry(list);
    list.push(entry('two'));
    expect(registry.find('two')).toBeUndefined();
    expect(() => (registry.entries as ModelEntry[]).push(entry('three'))).toThrow(TypeError);
  });

  it('prefers an id to an alias, and the later of two', () => {
    const registry = new ModelRegistry([
      entry('one', { aliases: ['two', 'three'] }),
      entry('two'),
      entry('four', { aliases: ['three'] }),
      entry('four', { family: 'later' }),
    ]);
    expect(registry.find('two')?.id).toBe('two');
    expect(registry.find('three')?.id).toBe('four');
    expect(registry.find('four')?.family).toBe('later');
  });

  it('reads its entries at the first search, once', () => {
    let reads = 0;
    const counting = {
      ...entry('one'),
      get aliases(): readonly string[] {
        reads++;
        return ['uno'];
      },
    };
    const registry = new ModelRegistry([counting]);
    expect(reads).toBe(0);
    expect([registry.find('uno')?.id, registry.find('one')?.id, registry.find('due')]).toEqual([
      'one',
      'one',
      undefined,
    ]);
    expect(reads).toBe(1);
  });
});
