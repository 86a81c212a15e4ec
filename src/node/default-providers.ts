import { KatamariError } from '../errors.ts';
import { local } from '../local/local-provider.ts';
import { models } from '../models/models.ts';
import type { Provider } from '../provider.ts';
import { openaiCompatiblePresets } from '../providers/openai-compatible-presets.ts';
import type { ServerModel } from '../server/handler-options.ts';
import { knownProviders, LOCAL } from './known-providers.ts';

/** Variables of an environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Who can answer, as far as the environment goes. */
export interface DefaultProviders {
  /** Their names; the first is asked where nothing else is said. */
  readonly names: readonly string[];
  /** @throws KatamariError code `invalid-input` for one that is not there, or a model that is not named */
  make(name?: string, model?: string): Provider;
  /** What is known of their models. */
  readonly models: readonly ServerModel[];
}

type Make = (model: string) => Provider;

/**
 * The embedded default, every vendor whose key is in the environment, and the hosts without keys that `KATAMARI_PROVIDERS` names.
 * `KATAMARI_PROVIDER` and `KATAMARI_MODEL` say who is asked where a request does not.
 *
 * @param localTokensPerSecond - how fast the embedded default writes
 * @throws KatamariError code `invalid-input` where one of these names nobody
 */
export function defaultProviders(
  environment: Environment,
  localTokensPerSecond = Infinity,
): DefaultProviders {
  const makers = makersOf(environment, localTokensPerSecond);
  const preferred = valueOf(environment, 'KATAMARI_PROVIDER') ?? LOCAL;
  const preferredModel = valueOf(environment, 'KATAMARI_MODEL');
  const names = [preferred, ...[...makers.keys()].filter((name) => name !== preferred)];
  const make = (name = preferred, model?: string): Provider => {
    const maker = makers.get(name);
    if (maker === undefined) throw unknownProvider(name, names);
    const asked = model ?? (name === preferred ? preferredModel : undefined);
    if (name !== LOCAL && asked === undefined)
      throw new KatamariError('invalid-input', `model: name the model of ${name} that is to answer.`);
    return maker(asked ?? '');
  };
  // Told at the start, not at the first request.
  if (!makers.has(preferred)) throw unknownProvider(preferred, [...makers.keys()]);
  return {
    names,
    make,
    models: names.flatMap((name) => modelsOf(name, preferred === name ? preferredModel : undefined)),
  };
}

function makersOf(environment: Environment, tokensPerSecond: number): ReadonlyMap<string, Make> {
  const has = (...variables: readonly string[]): boolean =>
    variables.some((variable) => valueOf(environment, variable) !== undefined);
  const hosts = valueOf(environment, 'KATAMARI_PROVIDERS') ?? '';
  const named = new Set(hosts.split(',').map((name) => name.trim()));
  named.add(valueOf(environment, 'KATAMARI_PROVIDER') ?? LOCAL);
  const isThere = (name: string, keyVariables: readonly string[]): boolean =>
    name === LOCAL ||
    has(...keyVariables) ||
    (Object.hasOwn(openaiCompatiblePresets, name) && named.has(name));
  return new Map(
    [...knownProviders(tokensPerSecond).values()]
      .filter(({ name, keyVariables }) => isThere(name, keyVariables))
      .map(({ name, make }) => [name, make]),
  );
}

function modelsOf(provider: string, preferred: string | undefined): readonly ServerModel[] {
  if (provider === LOCAL) return [{ provider, model: local().model }];
  const known = models.entries.flatMap(({ id, type, provider: vendor }) => {
    if (type === 'embedding') return [];
    if (id.startsWith(`${provider}/`)) return [id.slice(provider.length + 1)];
    return vendor === provider && !id.includes('/') ? [id] : [];
  });
  const all = preferred === undefined ? known : [preferred, ...known.filter((id) => id !== preferred)];
  return all.map((model) => ({ provider, model }));
}

function valueOf(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function unknownProvider(name: string, names: readonly string[]): KatamariError {
  const known = names.join(', ');
  const message = `provider: «${name.slice(0, 60)}» is not here. There is ${known}; set the key of another in the environment.`;
  return new KatamariError('invalid-input', message);
}
