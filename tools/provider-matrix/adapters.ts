import type { FetchFunction } from '../../src/http/post-stream.ts';
import type { Provider } from '../../src/provider.ts';
import { anthropic } from '../../src/providers/anthropic.ts';
import { google } from '../../src/providers/google.ts';
import { openaiCompatible, openaiCompatiblePresets } from '../../src/providers/openai-compatible.ts';
import { openai } from '../../src/providers/openai.ts';
import type { Protocol } from '../../src/testing/wire-answer.ts';

/** What differs from one provider to the next when it is made. */
interface ProviderSettings {
  readonly baseURL?: string;
  readonly apiKey?: string;
  readonly fetch?: FetchFunction;
}

/** A provider of this package, ready to be looked at. */
export interface Adapter {
  /** As it is written in code. */
  readonly name: string;
  readonly protocol: Protocol;
  /** What the base URL ends in, behind the host. */
  readonly basePath: string;
  /** The variables that may hold the key, as declared; that they do is tried. */
  readonly keyVariables: readonly string[];
  /** Packages whose clients it takes instead of its own requests. */
  readonly clients: readonly string[];
  make(settings: ProviderSettings): Provider;
}

const geminiKeys = ['GOOGLE_GEMINI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'];

const vendors: readonly Adapter[] = [
  {
    name: 'openai()',
    protocol: 'openai-chat',
    basePath: '/v1',
    keyVariables: ['OPENAI_API_KEY'],
    clients: ['openai'],
    make: (settings) => openai({ model: 'gpt-5-mini', ...settings }),
  },
  {
    name: "openai({ api: 'responses' })",
    protocol: 'openai-responses',
    basePath: '/v1',
    keyVariables: ['OPENAI_API_KEY'],
    clients: ['openai'],
    make: (settings) => openai({ model: 'gpt-5-mini', api: 'responses', ...settings }),
  },
  {
    name: 'anthropic()',
    protocol: 'anthropic-messages',
    basePath: '',
    keyVariables: ['ANTHROPIC_API_KEY'],
    clients: ['@anthropic-ai/sdk'],
    make: (settings) => anthropic({ model: 'claude-sonnet-5', ...settings }),
  },
  {
    name: 'google()',
    protocol: 'google-generate',
    basePath: '',
    keyVariables: geminiKeys,
    clients: ['@google/genai', '@google/generative-ai'],
    make: (settings) => google({ model: 'gemini-2.5-flash', ...settings }),
  },
];

/** The vendors' own, then every host that is known by name. */
export const adapters: readonly Adapter[] = [
  ...vendors,
  ...Object.entries(openaiCompatiblePresets).map(([preset, data]): Adapter => ({
    name: preset,
    protocol: 'openai-chat',
    basePath: '/v1',
    keyVariables: 'keyVariables' in data ? data.keyVariables : [],
    clients: [],
    make: (settings) =>
      openaiCompatible({
        preset: preset as keyof typeof openaiCompatiblePresets,
        model: 'some-model',
        ...settings,
      }),
  })),
];
