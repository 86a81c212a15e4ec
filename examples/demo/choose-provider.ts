import { KatamariError, type Provider } from 'katamari';
import { local } from 'katamari/local';
import { openai } from 'katamari/openai';
import {
  openaiCompatible,
  openaiCompatiblePresets,
  type OpenaiCompatiblePresetName,
} from 'katamari/openai-compatible';

import type { DemoOptions } from './read-options.ts';

/** The provider that the command line names. */
export function chooseProvider({ provider, model }: DemoOptions): Provider {
  // A pace at which a person can watch it; the figures of a run at full speed are in bench/.
  if (provider === 'local') return local(process.stdout.isTTY ? { tokensPerSecond: 120 } : {});
  if (provider === 'openai') return openai({ model: model ?? 'gpt-5-mini' });
  if (!Object.hasOwn(openaiCompatiblePresets, provider)) {
    const known = ['local', 'openai', ...Object.keys(openaiCompatiblePresets)].join(', ');
    throw new KatamariError('invalid-input', `There is no provider ${provider}. Known: ${known}.`);
  }
  if (model === undefined)
    throw new KatamariError('invalid-input', `Say which model of ${provider}: --model NAME`);
  return openaiCompatible({ preset: provider as OpenaiCompatiblePresetName, model });
}
