import { describe, expect, it } from 'vitest';

import { aiSdk } from '../../src/ai-sdk/index.ts';
import { local } from '../../src/local/index.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { google } from '../../src/providers/google.ts';
import { openaiCompatible, type OpenaiCompatibleOptions } from '../../src/providers/openai-compatible.ts';
import { openai } from '../../src/providers/openai.ts';
import { scriptedProvider } from '../../src/testing/index.ts';
import { conformance, type ConformanceOptions } from '../../src/testing/node/index.ts';
import { finish, say, scriptedModel, start } from '../unit/ai-sdk/scripted-model.ts';

const model = 'test-1';

/** A host of the chat-completions protocol, by its preset or dialect. */
function compatible(options: Partial<OpenaiCompatibleOptions>): ConformanceOptions {
  return {
    protocol: 'openai-chat',
    provider: ({ baseURL, apiKey }) =>
      openaiCompatible({ model, apiKey, ...options, baseURL: `${baseURL}/v1` }),
  };
}

const adapters: readonly (readonly [name: string, options: ConformanceOptions])[] = [
  ['openai-compatible', compatible({})],
  ['openai-compatible, openrouter', compatible({ preset: 'openrouter' })],
  ['openai-compatible, mistral', compatible({ preset: 'mistral' })],
  ['openai-compatible, deepseek', compatible({ preset: 'deepseek' })],
  [
    'openai',
    {
      protocol: 'openai-chat',
      provider: ({ baseURL, apiKey }) => openai({ model, apiKey, baseURL: `${baseURL}/v1` }),
    },
  ],
  [
    'openai, responses',
    {
      protocol: 'openai-responses',
      provider: ({ baseURL, apiKey }) =>
        openai({ model, apiKey, baseURL: `${baseURL}/v1`, api: 'responses' }),
    },
  ],
  [
    'anthropic',
    {
      protocol: 'anthropic-messages',
      provider: ({ baseURL, apiKey }) => anthropic({ model: 'claude-sonnet-4-5', apiKey, baseURL }),
    },
  ],
  [
    'google',
    { protocol: 'google-generate', provider: ({ baseURL, apiKey }) => google({ model, apiKey, baseURL }) },
  ],
  [
    'ai-sdk, over a model written by hand',
    {
      protocol: null,
      provider: () => aiSdk(scriptedModel({ parts: [start, say('Hel'), say('lo'), finish] })),
    },
  ],
  ['local', { protocol: null, provider: () => local() }],
  [
    'scripted',
    {
      protocol: null,
      provider: () => scriptedProvider([{ text: ['Hel', 'lo'], usage: { token_in: 3, token_out: 2 } }]),
    },
  ],
];

describe.concurrent.each(adapters)('%s', (_name, options) => {
  // Several adapters at once on a busy machine: only a check that hangs may end by this.
  const checks = conformance({ ...options, timeoutMs: 30_000 }).map((check) => [check.name, check] as const);

  it.each(checks)(
    '%s',
    async (_check, { run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
    40_000,
  );
});
