import { KatamariError } from '../errors.ts';
import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import type { OpenaiChatDialect } from '../wire/openai-chat/dialect.ts';
import { chatProvider } from './chat-provider.ts';
import {
  openaiCompatiblePresets,
  type OpenaiCompatiblePreset,
  type OpenaiCompatiblePresetName,
} from './openai-compatible-presets.ts';
import { readEnvironment } from './read-environment.ts';

export { openaiCompatiblePresets };
export type { FetchFunction, OpenaiChatDialect, OpenaiCompatiblePreset, OpenaiCompatiblePresetName };

/** Options of {@link openaiCompatible}. */
export interface OpenaiCompatibleOptions {
  /** The model's id, as the host names it. */
  readonly model: string;
  /** A known host: its base URL, its key's variable and its dialect. Every option here overrides it. */
  readonly preset?: OpenaiCompatiblePresetName;
  /** Where `/chat/completions` lives, for example `http://localhost:8000/v1`. A query in it is kept. @defaultValue the preset's */
  readonly baseURL?: string;
  /** Sent as `Authorization: Bearer`. @defaultValue the preset's environment variable, read when the provider is made and sent to the preset's own host only; else no key */
  readonly apiKey?: string;
  /** The provider's name in events, and its key in `providerOptions`. @defaultValue the preset's name, else `'openai-compatible'` */
  readonly name?: string;
  /** Sent with every request, for example `{ 'api-key': key }` for Azure. They win over those made here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Used in place of the global one. @defaultValue the global `fetch` */
  readonly fetch?: FetchFunction;
  /** How the host differs from the others; fields that are left out come from the preset, and `options` are added to its own. */
  readonly dialect?: OpenaiChatDialect;
  /** @defaultValue three retries after 1, 2 and 4 s */
  readonly retry?: RetryPolicy;
  /** @defaultValue see {@link Timeouts} */
  readonly timeouts?: Timeouts;
}

/**
 * A provider for any host of OpenAI's chat-completions protocol, hosted or local.
 *
 * @example
 * ```ts
 * openaiCompatible({ preset: 'ollama', model: 'qwen3:8b' })
 * openaiCompatible({ baseURL: 'https://llm.example.com/v1', apiKey, model: 'our-model' })
 * ```
 * @throws KatamariError `invalid-input` for a missing model or base URL, or one that cannot be used; `authentication` where the
 * preset's host needs a key and there is none.
 */
export function openaiCompatible(options: OpenaiCompatibleOptions): Provider {
  const preset = presetOf(options.preset);
  const baseURL = options.baseURL ?? preset?.baseURL;
  if (baseURL === undefined) {
    throw new KatamariError('invalid-input', 'openaiCompatible needs a baseURL or a preset.');
  }
  return chatProvider({
    name: options.name ?? options.preset ?? 'openai-compatible',
    model: options.model,
    baseURL,
    headers: { ...authorization(options, preset), ...lowerCased(options.headers) },
    dialect: merge(preset?.dialect, options.dialect),
    fetch: options.fetch,
    retry: options.retry,
    timeouts: options.timeouts,
  });
}

function presetOf(name: OpenaiCompatiblePresetName | undefined): OpenaiCompatiblePreset | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(openaiCompatiblePresets, name)) return openaiCompatiblePresets[name];
  const known = Object.keys(openaiCompatiblePresets).join(', ');
  throw new KatamariError('invalid-input', `There is no preset ${JSON.stringify(name)}. Known: ${known}.`);
}

function authorization(
  { apiKey, headers, baseURL }: OpenaiCompatibleOptions,
  preset: OpenaiCompatiblePreset | undefined,
): Readonly<Record<string, string>> {
  const hasOwn = Object.keys(headers ?? {}).some((name) =>
    /^(?:authorization|api-key|x-api-key)$/i.test(name),
  );
  const own = hasOwn || isElsewhere(baseURL, preset);
  const key =
    apiKey ??
    (own ? undefined : preset?.keyVariables?.map(readEnvironment).find((value) => value !== undefined));
  if (key !== undefined && key !== '') return { authorization: `Bearer ${key}` };
  // At an address of the caller's own, for example a gateway, only the caller knows whether a key is needed.
  if (preset?.needsKey !== true || hasOwn || baseURL !== undefined) return {};
  throw new KatamariError(
    'authentication',
    `There is no API key: set the environment variable ${preset.keyVariables?.[0] ?? ''} or pass { apiKey }.`,
  );
}

/** A key that was put into the environment for one host is not sent to another. */
function isElsewhere(baseURL: string | undefined, preset: OpenaiCompatiblePreset | undefined): boolean {
  if (baseURL === undefined || preset === undefined) return false;
  return !URL.canParse(baseURL) || new URL(baseURL).origin !== new URL(preset.baseURL).origin;
}

function merge(preset: OpenaiChatDialect | undefined, own: OpenaiChatDialect | undefined): OpenaiChatDialect {
  return { ...preset, ...own, options: [...(preset?.options ?? []), ...(own?.options ?? [])] };
}

/** Names of headers do not tell cases apart, keys of objects do: one spelling lets the caller's win. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
