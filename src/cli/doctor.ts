import { styleText } from 'node:util';

import { globalFetch } from '../http/global-fetch.ts';
import type { FactSource } from '../models/model-entry.ts';
import { models } from '../models/models.ts';
import { knownProviders, type KnownProvider } from '../node/known-providers.ts';
import { modelName, providerName, type ProviderChoice } from './choose-provider.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printJson } from './output.ts';

/** What `katamari doctor` is told. */
export interface DoctorOptions extends ProviderChoice {
  readonly offline?: true;
  readonly json?: true;
}

/** One thing that was looked at. */
interface Check {
  readonly name: string;
  /** `fault`: the first call fails by it; `note`: good to know. */
  readonly state: 'ok' | 'note' | 'fault';
  readonly message: string;
}

/** How long a host may take to answer, in milliseconds. */
const REACH_MS = 3000;
/** From when on prices are likely to have changed, in days. */
const OLD_DAYS = 90;
const DAY_MS = 86_400_000;

const peers: Readonly<Record<string, string>> = {
  '@opentelemetry/api': 'katamari/otel',
  '@redis/client': 'katamari/redis',
  'prom-client': 'katamari/prometheus, GET /metrics of katamari serve',
  '@lat.md/embed': 'localEmbedder of katamari/embedders',
  openai: 'a client of your own for katamari/openai',
  '@anthropic-ai/sdk': 'a client of your own for katamari/anthropic',
  '@google/genai': 'a client of your own for katamari/google',
};

/** Looks at what a first call needs and says what is missing. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const chosen = providerName(options);
  const providers = [...knownProviders().values()];
  const asked = providers.filter(({ name, keyVariables }) => name === chosen || keyVariables.some(isSet));
  const checks = [
    nodeCheck(),
    providerCheck(options),
    ...providers.flatMap((provider) => keyCheck(provider, chosen)),
    ...(options.offline === undefined
      ? await Promise.all(asked.flatMap((one) => reachCheck(one, chosen)))
      : []),
    registryCheck(),
    ...Object.entries(peers).map(([name, what]) => peerCheck(name, what)),
  ];
  const ready = checks.every(({ state }) => state !== 'fault');
  if (!ready) process.exitCode = exitCodes.failed;
  if (options.json !== undefined) return printJson({ ready, checks });
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, message } of checks)
    await print(`${mark(state)}  ${name.padEnd(width)}  ${message}\n`);
  const model = modelName(options);
  const words = [`--provider ${chosen}`, ...(model === '' ? [] : [`--model ${model}`])].join(' ');
  await print(
    ready ? `\nReady: katamari run ${words} "Hello"\n` : '\nNot ready: mend what is marked fault.\n',
  );
}

function mark(state: Check['state']): string {
  const stream = process.stdout;
  if (state === 'ok') return styleText('green', 'ok   ', { stream });
  return state === 'note' ? styleText('dim', 'note ', { stream }) : styleText('red', 'fault', { stream });
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 22 || (major === 22 && minor >= 12);
  const message = `${process.versions.node}${isEnough ? '' : ', but 22.12 or newer is needed'}`;
  return { name: 'node', state: isEnough ? 'ok' : 'fault', message };
}

function providerCheck(options: DoctorOptions): Check {
  const name = providerName(options);
  const model = modelName(options);
  if (!knownProviders().has(name))
    return { name: 'provider', state: 'fault', message: `There is no provider «${name}». See --help.` };
  if (name === 'local')
    return {
      name: 'provider',
      state: 'ok',
      message: 'local: no key, no language model; it quotes the conversation',
    };
  if (model === '')
    return {
      name: 'provider',
      state: 'fault',
      message: `${name}: no model is named. Use --model or KATAMARI_MODEL.`,
    };
  const entry = models.find(`${name}/${model}`) ?? models.find(model);
  const known =
    entry === undefined
      ? 'not in the registry: no price, no window'
      : `window ${entry.contextWindow ?? 'not known'}`;
  return { name: 'provider', state: 'ok', message: `${name} / ${model} (${known})` };
}

/** Of those that are not asked, what is set is told; never what it is set to. */
function keyCheck({ name, keyVariables, needsKey }: KnownProvider, chosen: string): Check[] {
  const [first] = keyVariables;
  if (first === undefined) return [];
  const found = keyVariables.find(isSet);
  if (found !== undefined) return [{ name: `key ${name}`, state: 'ok', message: `${found} is set` }];
  const isFault = needsKey && name === chosen;
  const message = `${keyVariables.join(' or ')} is not set${isFault ? '. Set it' : ''}`;
  return [{ name: `key ${name}`, state: isFault ? 'fault' : 'note', message }];
}

function reachCheck({ name, baseURL, urlVariable }: KnownProvider, chosen: string): Promise<Check>[] {
  const own = urlVariable === undefined ? undefined : process.env[urlVariable]?.trim();
  const url = own === undefined || own === '' ? baseURL : own;
  return url === undefined ? [] : [reach(name, url, name === chosen)];
}

/** Any answer will do: who refuses a request without a key is there. Nothing secret is sent. */
async function reach(name: string, url: string, isChosen: boolean): Promise<Check> {
  const began = performance.now();
  try {
    const { host, origin } = new URL(url);
    const answer = await globalFetch(origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(REACH_MS),
    });
    await answer.body?.cancel();
    return {
      name: `host ${name}`,
      state: 'ok',
      message: `${host} answers in ${Math.round(performance.now() - began)} ms`,
    };
  } catch {
    const message = `${hostOf(url)} does not answer within ${REACH_MS / 1000} s: check the address, the network and its proxy`;
    return { name: `host ${name}`, state: isChosen ? 'fault' : 'note', message };
  }
}

/** An address may hold a name and a password. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an address that is no URL';
}

function registryCheck(): Check {
  const dates = models.entries.flatMap(({ source }) =>
    Object.values<readonly FactSource[] | undefined>({ ...source }).flatMap((facts = []) =>
      facts.map(({ date }) => date),
    ),
  );
  const newest = dates.reduce((latest, date) => (date > latest ? date : latest), '');
  const days = Math.floor((Date.now() - Date.parse(newest)) / DAY_MS);
  const state = days > OLD_DAYS ? 'note' : 'ok';
  const advice = state === 'ok' ? '' : '; prices may have changed: update katamari';
  return {
    name: 'registry',
    state,
    message: `${models.entries.length} models, read on ${newest}, ${days} days ago${advice}`,
  };
}

function peerCheck(name: string, what: string): Check {
  try {
    import.meta.resolve(name);
    return { name, state: 'ok', message: 'installed' };
  } catch {
    return { name, state: 'note', message: `not installed; for ${what}` };
  }
}

function isSet(variable: string): boolean {
  return (process.env[variable]?.trim() ?? '') !== '';
}
