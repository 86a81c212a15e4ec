import type { Observer } from '../observer.ts';
import type { HandlerOptions } from '../server/handler-options.ts';
import type { ApiKey } from '../server/key-ring.ts';
import type { PersonaCollection } from '../server/persona-shelf.ts';
import type { Environment } from './default-providers.ts';
import { ownPath } from './own-path.ts';
import { readPersonaFolder, type FolderPersona } from './persona-folder.ts';
import { watchPersonas, type WatchPersonasOptions } from './watch-personas.ts';

/** What may be said of a default server. */
export interface DefaultServerOptions {
  /** A folder of persona files; each is known by its file's name without the ending. @defaultValue the personas of the package */
  readonly personas?: string;
  /**
   * Follows the files of the personas, as {@link watchPersonas} does, until the signal is aborted.
   *
   * @defaultValue they are read once
   */
  readonly watchPersonas?: WatchPersonasOptions & { readonly signal: AbortSignal };
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
    personas: await personasOf(personas, options.watchPersonas),
    models: providers.models,
    ...(keys.length > 0
      ? { auth: { keys } }
      : { auth: 'none', hostnames: ['localhost', '127.0.0.1', '[::1]'] }),
  };
}

async function personasOf(
  folder: string,
  watch: DefaultServerOptions['watchPersonas'],
): Promise<PersonaCollection> {
  if (watch !== undefined) return watchPersonas(folder, watch);
  const personas = new Map<string, FolderPersona>();
  for (const entry of await readPersonaFolder(folder)) {
    if ('fault' in entry) throw entry.fault;
    personas.set(entry.id, entry);
  }
  return {
    get: (id) => personas.get(id)?.persona,
    keys: () => personas.keys(),
    yaml: (id) => personas.get(id)?.yaml,
  };
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
