import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { encodingOf, estimateTokens, loadCounter } from '../../../src/tokens/index.ts';

describe('encodingOf', () => {
  it.each([
    'gpt-5',
    'gpt-5-mini',
    'gpt-5.1-codex-max',
    'openai/gpt-5-mini',
    'gpt-4.1-nano-2025-04-14',
    'gpt-4.5-preview',
    'gpt-4o',
    'gpt-4o-mini-2024-07-18',
    'GPT-4o',
    'chatgpt-4o-latest',
    'o1',
    'o1-preview',
    'o3-mini',
    'o4-mini-2025-04-16',
    'gpt-oss-120b',
    'openai/gpt-oss-20b',
    'azure/eu/gpt-4o',
    'ft:gpt-4o-mini-2024-07-18:acme::id',
  ])('%s is counted with o200k_base', (model) => {
    expect(encodingOf(model)).toBe('o200k_base');
  });

  it.each([
    'gpt-4',
    'gpt-4-0613',
    'gpt-4-turbo',
    'gpt-4-32k',
    'gpt-3.5-turbo',
    'gpt-35-turbo',
    'gpt-35-turbo-16k',
    'openai/gpt-4-turbo-2024-04-09',
  ])('%s is counted with cl100k_base', (model) => {
    expect(encodingOf(model)).toBe('cl100k_base');
  });

  it.each([
    'claude-sonnet-4-5',
    'gemini-2.5-pro',
    'llama-3.1-70b',
    'mistral-large',
    'qwen3',
    'o1000',
    'olmo-2',
    'gpt-40',
    'gpt-j-6b',
    '',
  ])('%s has no public table here', (model) => {
    expect(encodingOf(model)).toBeUndefined();
  });
});

describe('loadCounter', () => {
  it('loads the exact counter of a model, and the estimate for others', async () => {
    const exact = await loadCounter('gpt-5-mini');
    expect([exact.name, exact.exact, exact.count('hello world')]).toEqual(['o200k_base', true, 2]);
    const older = await loadCounter('gpt-4');
    expect([older.name, older.count('東京')]).toEqual(['cl100k_base', 3]);
    const estimate = await loadCounter('claude-sonnet-4-5');
    expect([estimate.name, estimate.exact, estimate.count('今日は')]).toEqual([
      'estimate',
      false,
      estimateTokens('今日は'),
    ]);
  });

  it('counts exactly for the embedded provider, which has nothing but the estimate', async () => {
    const counter = await loadCounter('extractive-1');
    expect([counter.name, counter.exact, counter.count('今日は')]).toEqual([
      'estimate',
      true,
      estimateTokens('今日は'),
    ]);
  });

  it('loads no table before it is asked for one, in plain Node', () => {
    const entry = new URL('../../../src/tokens/index.ts', import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      const tables = [];
      registerHooks({ load(url, context, next) { if (url.includes('/tables/')) tables.push(url.split('/').pop()); return next(url, context); } });
      const { loadCounter } = await import(${JSON.stringify(entry)});
      const before = tables.length;
      await loadCounter('claude-x');
      const estimated = tables.length;
      const counter = await loadCounter('gpt-4o');
      console.log(JSON.stringify({ before, estimated, tables, tokens: counter.count('hello world') }));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({ before: 0, estimated: 0, tables: ['o200k-base.ts'], tokens: 2 });
  });
});
