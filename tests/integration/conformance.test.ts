import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { local } from '../../src/local/index.ts';
import type { Provider } from '../../src/provider.ts';
import { openaiCompatible, openaiCompatiblePresets } from '../../src/providers/openai-compatible.ts';
import { openai } from '../../src/providers/openai.ts';
import { scriptedProvider } from '../../src/testing/index.ts';
import { conformance, type ConformanceOptions, type ConformancePlace } from '../../src/testing/node/index.ts';

const model = 'test-1';

type Adapter = (options: { baseURL: string; apiKey: string; model: string }) => Provider;

/** An adapter of a vendor, where its file is there. */
async function vendor(name: string, make = name): Promise<(place: ConformancePlace) => Provider> {
  const module = (await import(`../../src/providers/${name}.ts`)) as Readonly<Record<string, Adapter>>;
  const adapter = module[make];
  if (adapter === undefined) throw new Error(`src/providers/${name}.ts exports no ${make}.`);
  return (place) => adapter({ ...place, model: name === 'anthropic' ? 'claude-sonnet-4-5' : model });
}

function compatible(options: Omit<Parameters<typeof openaiCompatible>[0], 'model'>): ConformanceOptions {
  return {
    protocol: 'openai-chat',
    provider: ({ baseURL, apiKey }) =>
      openaiCompatible({ model, apiKey, ...options, baseURL: `${baseURL}/v1` }),
  };
}

const adapters: [name: string, options: ConformanceOptions][] = [
  [
    'openai',
    {
      protocol: 'openai-chat',
      provider: ({ baseURL, apiKey }) => openai({ model, apiKey, baseURL: `${baseURL}/v1` }),
    },
  ],
  ['openai-compatible', compatible({})],
  ['openai-compatible, openrouter', compatible({ preset: 'openrouter' })],
  ['openai-compatible, mistral', compatible({ preset: 'mistral' })],
  ['openai-compatible, deepseek', compatible({ preset: 'deepseek' })],
  ['local', { protocol: null, provider: () => local() }],
  [
    'scripted',
    {
      protocol: null,
      provider: () => scriptedProvider([{ text: ['Hel', 'lo'], usage: { token_in: 3, token_out: 2 } }]),
    },
  ],
];

const wired = [
  ['anthropic', 'anthropic-messages', 'anthropic', ''],
  ['google', 'google-generate', 'google', ''],
  ['openai-responses', 'openai-responses', 'openaiResponses', '/v1'],
] as const;
for (const [file, protocol, make, path] of wired) {
  if (!existsSync(new URL(`../../src/providers/${file}.ts`, import.meta.url))) continue;
  const adapter = await vendor(file, make);
  const provider = ({ baseURL, apiKey }: ConformancePlace): Provider =>
    adapter({ baseURL: `${baseURL}${path}`, apiKey });
  adapters.push([file, { protocol, provider }]);
}

describe.concurrent.each(adapters)('%s', (_name, options) => {
  const checks = conformance(options);

  it.each(checks.map((check) => [check.name, check] as const))('%s', async (_check, { run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('the presets', () => {
  it('that are run here are on the list', () => {
    expect(Object.keys(openaiCompatiblePresets)).toEqual(
      expect.arrayContaining(['openrouter', 'mistral', 'deepseek']),
    );
  });
});
