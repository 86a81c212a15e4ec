import { KatamariError } from '../errors.ts';
import { local } from '../local/local-provider.ts';
import type { Provider } from '../provider.ts';
import { anthropic } from '../providers/anthropic.ts';
import { google } from '../providers/google.ts';
import {
  openaiCompatiblePresets,
  type OpenaiCompatiblePreset,
  type OpenaiCompatiblePresetName,
} from '../providers/openai-compatible-presets.ts';
import { openaiCompatible } from '../providers/openai-compatible.ts';
import { openai } from '../providers/openai.ts';

/** A provider that can be asked for by name. */
export interface KnownProvider {
  readonly name: string;
  /** The environment variables that may hold its key; any one will do. */
  readonly keyVariables: readonly string[];
  /** Whether it answers nobody without a key. */
  readonly needsKey: boolean;
  /** The environment variable that may hold its address. */
  readonly urlVariable?: string;
  /** Where it is, unless its variable says otherwise; left out for the embedded default, which is nowhere else. */
  readonly baseURL?: string;
  /** @throws KatamariError as the provider's own function does */
  readonly make: (model: string) => Provider;
}

/** The embedded default's name. */
export const LOCAL = 'local';

/**
 * Every provider that needs no more than a name, a model and a key, by name, the embedded default first.
 *
 * @param localTokensPerSecond - how fast the embedded default writes
 */
export function knownProviders(localTokensPerSecond = Infinity): ReadonlyMap<string, KnownProvider> {
  const known: readonly KnownProvider[] = [
    {
      name: LOCAL,
      keyVariables: [],
      needsKey: false,
      make: (model) => embedded(model, localTokensPerSecond),
    },
    {
      name: 'openai',
      keyVariables: ['OPENAI_API_KEY'],
      needsKey: true,
      urlVariable: 'OPENAI_BASE_URL',
      baseURL: 'https://api.openai.com/v1',
      make: (model) => openai({ model }),
    },
    {
      name: 'anthropic',
      keyVariables: ['ANTHROPIC_API_KEY'],
      needsKey: true,
      urlVariable: 'ANTHROPIC_BASE_URL',
      baseURL: 'https://api.anthropic.com',
      make: (model) => anthropic({ model }),
    },
    {
      name: 'google',
      keyVariables: ['GOOGLE_GEMINI_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
      needsKey: true,
      urlVariable: 'GOOGLE_GEMINI_BASE_URL',
      baseURL: 'https://generativelanguage.googleapis.com',
      make: (model) => google({ model }),
    },
    ...Object.entries<OpenaiCompatiblePreset>(openaiCompatiblePresets).map(
      ([name, { keyVariables = [], needsKey, baseURL }]) => ({
        name,
        keyVariables,
        needsKey,
        baseURL,
        make: (model: string) => openaiCompatible({ preset: name as OpenaiCompatiblePresetName, model }),
      }),
    ),
  ];
  return new Map(known.map((provider) => [provider.name, provider]));
}

function embedded(model: string, tokensPerSecond: number): Provider {
  const provider = local({ tokensPerSecond });
  if (model === '' || model === provider.model) return provider;
  throw new KatamariError('invalid-input', `model: the embedded default has one only, ${provider.model}.`);
}
