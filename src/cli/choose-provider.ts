import { KatamariError } from '../errors.ts';
import { knownProviders, LOCAL } from '../node/known-providers.ts';
import type { Provider } from '../provider.ts';

/** Who shall answer, as the command line says it. */
export interface ProviderChoice {
  /** @defaultValue `KATAMARI_PROVIDER`, else the embedded default */
  readonly provider?: string | undefined;
  /** @defaultValue `KATAMARI_MODEL`, where the provider is that of `KATAMARI_PROVIDER` */
  readonly model?: string | undefined;
  /** How fast the embedded default writes, in tokens per second. @defaultValue as fast as it is read */
  readonly localTokensPerSecond?: number;
}

/** What OpenAI is asked where no model is named, as in the README. */
const OPENAI_MODEL = 'gpt-5-mini';

/** The name of the provider that is asked. */
export function providerName({ provider }: ProviderChoice): string {
  return provider ?? variable('KATAMARI_PROVIDER') ?? LOCAL;
}

/** The name of the model that is asked; empty where only the provider knows. */
export function modelName(choice: ProviderChoice): string {
  const name = providerName(choice);
  const preferred =
    name === (variable('KATAMARI_PROVIDER') ?? LOCAL) ? variable('KATAMARI_MODEL') : undefined;
  return choice.model ?? preferred ?? (name === 'openai' ? OPENAI_MODEL : '');
}

/**
 * The provider that the command line, or else the environment, names.
 *
 * @throws KatamariError code `invalid-input` for an unknown name and where a model must be named; `authentication` without a key
 */
export function chooseProvider(choice: ProviderChoice): Provider {
  const providers = knownProviders(choice.localTokensPerSecond);
  const name = providerName(choice);
  const known = providers.get(name);
  if (known === undefined) {
    const names = [...providers.keys()].join(', ');
    throw new KatamariError('invalid-input', `There is no provider «${name}». Known: ${names}.`);
  }
  const model = modelName(choice);
  if (model === '' && name !== LOCAL) {
    const message = `Say which model of ${name}: --model NAME (katamari models --provider ${name} lists what is known).`;
    throw new KatamariError('invalid-input', message);
  }
  return known.make(model);
}

function variable(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}
