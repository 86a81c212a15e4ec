import { readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';

import { KatamariError } from '../errors.ts';
import type { Observer } from '../observer.ts';
import type { Persona } from '../persona/persona.ts';
import type { HandlerOptions } from '../server/handler-options.ts';
import type { ApiKey } from '../server/key-ring.ts';
import type { PersonaCollection } from '../server/persona-shelf.ts';
import type { Environment } from './default-providers.ts';
import { loadPersona } from './load-persona.ts';
import { ownPath } from './own-path.ts';
import { fileError } from './persona-file.ts';

/** What may be said of a default server. */
export interface DefaultServerOptions {
  /** A folder of persona files; each is known by its file's name without the ending. @defaultValue the personas of the package */
  readonly personas?: string;
  /** Watchers of all runs. @defaultValue none */
  readonly observers?: readonly Observer[];
  /** How fast the embedded default writes, in tokens per second, for whoever watches it. @defaultValue as fast as it is read */
  readonly localTokensPerSecond?: number;
  /** Where keys and choices are read. @defaultValue the environment of the process */
  readonly environment?: Environment;
}

/**
 * Options of a server that needs no more than this: one chain, `default`, with the persona, budget and reflection that each request asks for, over the
 * embedded default or any vendor whose key is in the environment. Without `KATAMARI_API_KEYS` (keys with commas between, each `id:key` or
 * a key alone) it needs no key, and then answers to the names of this machine only.
 *
 * @throws KatamariError code `invalid-input` for a wrong setting; PersonaError for a persona that can't be read
 */
export async function defaultServerOptions(options: DefaultServerOptions = {}): Promise<HandlerOptions> {
  const { personas = ownPath('personas'), observers = [], environment = process.env } = options;
  const { localTokensPerSecond = Infinity } = options;
  // Vendors and prices are loaded for who wants a server, not for who reads a persona.
  const { defaultProviders } = await import('./default-providers.ts');
  const { defaultChain } = await import('./default-chain.ts');
  const providers = defaultProviders(environment, localTokensPerSecond);
  const keys = keysOf(environment['KATAMARI_API_KEYS'] ?? '');
  return {
    chains: { default: defaultChain(providers, observers) },
    personas: await personasOf(personas),
    models: providers.models,
    ...(keys.length > 0
      ? { auth: { keys } }
      : { auth: 'none', hostnames: ['localhost', '127.0.0.1', '[::1]'] }),
  };
}

/** By file name and not by persona name: a name may be any line of text, an id stands in URLs. */
async function personasOf(folder: string): Promise<PersonaCollection> {
  const personas = new Map<string, Persona>();
  const texts = new Map<string, string>();
  for (const file of await yamlFiles(folder)) {
    const { name: id } = parse(file);
    if (personas.has(id)) {
      const message = `${join(folder, file)}: there is a file of this name with the other ending.`;
      throw new KatamariError('invalid-input', message);
    }
    const path = join(folder, file);
    personas.set(id, await loadPersona(path));
    texts.set(id, await readFile(path, 'utf8'));
  }
  return { get: (id) => personas.get(id), keys: () => personas.keys(), yaml: (id) => texts.get(id) };
}

async function yamlFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).toSorted();
  } catch (error) {
    throw fileError(folder, error);
  }
}

function keysOf(list: string): readonly ApiKey[] {
  const entries = list.split(',').map((entry) => entry.trim());
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const colon = entry.indexOf(':');
      return colon === -1 ? { key: entry } : { id: entry.slice(0, colon), key: entry.slice(colon + 1) };
    });
}
