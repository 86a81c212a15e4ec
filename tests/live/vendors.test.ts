import { expect, describe, test } from 'vitest';

import type { ChainEvent } from '../../src/event.ts';
import type { Provider } from '../../src/provider.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { google } from '../../src/providers/google.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openai } from '../../src/providers/openai.ts';
import type { ChatRequest } from '../../src/request.ts';
import { record, replay, type CassetteFetch } from '../../src/testing/index.ts';
import { loadCassette, saveCassette } from '../../src/testing/node/index.ts';
import { collect, makeContext, textOfEvents } from '../support/context.ts';

/*
 * Against the real hosts, and paid for: run by `npm run test:live`, never by `npm test`. Each host whose key is in the environment is asked
 * a few short questions; the exchanges are recorded, without the key, into tests/fixtures/cassettes. A host without a key is skipped.
 */

interface Host {
  readonly name: string;
  /** The first that is set is the key. */
  readonly variables: readonly string[];
  readonly make: (fetch: CassetteFetch, key: string) => Provider;
}

const env = process.env;

const hosts: readonly Host[] = [
  {
    name: 'openai',
    variables: ['OPENAI_API_KEY'],
    make: (fetch, apiKey) => openai({ model: env['OPENAI_MODEL'] ?? 'gpt-5-mini', apiKey, fetch }),
  },
  {
    name: 'openai-responses',
    variables: ['OPENAI_API_KEY'],
    make: (fetch, apiKey) =>
      openai({ model: env['OPENAI_MODEL'] ?? 'gpt-5-mini', apiKey, fetch, api: 'responses' }),
  },
  {
    name: 'anthropic',
    variables: ['ANTHROPIC_API_KEY'],
    make: (fetch, apiKey) =>
      anthropic({ model: env['ANTHROPIC_MODEL'] ?? 'claude-haiku-4-5', apiKey, fetch }),
  },
  {
    name: 'google',
    variables: ['GOOGLE_GEMINI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    make: (fetch, apiKey) => google({ model: env['GOOGLE_MODEL'] ?? 'gemini-2.5-flash', apiKey, fetch }),
  },
  {
    name: 'openrouter',
    variables: ['OPENROUTER_API_KEY'],
    make: (fetch, apiKey) => {
      const model = env['OPENROUTER_MODEL'] ?? 'openai/gpt-5-mini';
      return openaiCompatible({ preset: 'openrouter', model, apiKey, fetch });
    },
  },
];

const questions: Readonly<Record<string, ChatRequest>> = {
  text: {
    messages: [{ role: 'user', content: 'Say «こんにちは, katamari» and nothing else.' }],
    maxOutputTokens: 1000,
  },
  tool: {
    messages: [{ role: 'user', content: 'What is the weather in Kyoto? Use the tool.' }],
    maxOutputTokens: 1000,
    tools: [
      {
        name: 'get_weather',
        description: 'The weather of a city',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
    ],
  },
};

async function ask(provider: Provider, request: ChatRequest): Promise<ChainEvent[]> {
  return collect(provider.generate(request, makeContext(provider).context));
}

function keyOf({ variables }: Host): string {
  return variables.map((name) => env[name]?.trim() ?? '').find((key) => key !== '') ?? '';
}

describe.each(hosts)('$name', (host) => {
  const key = keyOf(host);
  const { name, variables, make } = host;
  if (key === '') console.info(`${name} is skipped: set ${variables.join(' or ')} to run it.`);
  const hint = key === '' ? ` (skipped: set ${variables.join(' or ')})` : '';

  test.skipIf(key === '').each(Object.entries(questions))(
    `answers, and its recording answers the same: %s${hint}`,
    async (what, question) => {
      const recorder = record();
      const live = await ask(make(recorder.fetch, key), question);
      const file = `tests/fixtures/cassettes/${name}-${what}.json`;
      await saveCassette(file, recorder.cassette);

      expect(live.at(-1)).toMatchObject({ type: 'attempt-end', outcome: 'completed' });
      expect(live.at(-1)).not.toMatchObject({ usage: null });
      if (what === 'tool') expect(live.map(({ type }) => type)).toContain('tool-call');
      else expect(textOfEvents(live)).toContain('こんにちは');

      const cassette = await loadCassette(file);
      expect(JSON.stringify(cassette)).not.toContain(key);
      expect(await ask(make(replay(cassette).fetch, 'another-key-0123'), question)).toEqual(live);
    },
    60_000,
  );

  test.skipIf(key === '')(
    `refuses a key that is wrong, and does not show it${hint}`,
    async () => {
      const wrong = `${key.slice(0, 8)}-wrong-0123456789`;
      const question = questions['text'] ?? { messages: [] };
      const recorder = record();
      const error: unknown = await ask(make(recorder.fetch, wrong), question).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: 'authentication', retryable: false });
      expect(String(error) + JSON.stringify(recorder.cassette)).not.toContain(wrong);
    },
    60_000,
  );
});
