import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import { readStream } from '../wire/anthropic-messages/read-stream.ts';
import { toRequest, type OutputBounds } from '../wire/anthropic-messages/to-request.ts';
import { bodyOfResponse, mendedBody } from './client-body.ts';
import { providerOver, type Wire } from './provider-over.ts';
import type { RawAnswer } from './raw-answer.ts';
import { readEnvironment } from './read-environment.ts';
import { requiredKey } from './required-key.ts';
import { wireProvider } from './wire-provider.ts';

export type { RawAnswer };

export type { OutputBounds };

/** What is used of a client of the package `@anthropic-ai/sdk`. */
export interface AnthropicClient {
  readonly messages: {
    /** Makes the call. */
    create(body: object, options?: object): RawAnswer;
  };
}

/** Options of {@link anthropic}. */
export interface AnthropicOptions {
  /** The model's id, for example `claude-sonnet-5`. */
  readonly model: string;
  /** Sent as `x-api-key`. @defaultValue the environment variable `ANTHROPIC_API_KEY`, read when the provider is made */
  readonly apiKey?: string;
  /** Where `/v1/messages` lives. @defaultValue the environment variable `ANTHROPIC_BASE_URL`, else `https://api.anthropic.com` */
  readonly baseURL?: string;
  /** Version of the protocol. @defaultValue `'2023-06-01'` */
  readonly version?: string;
  /** Names of beta features. @defaultValue none */
  readonly beta?: readonly string[];
  /** Upper bound of the answer where the request names none, in tokens; the protocol demands one. @defaultValue what `models` knows of the model, else 4096, and 16384 for models that think unasked */
  readonly maxOutputTokens?: number;
  /**
   * Knows how long an answer of each model can be: pass `models` of `katamari/models`, or a registry of your own. It is not loaded unasked,
   * for its size. Prompt and bound must fit the window together: for prompts that nearly fill it, set `maxOutputTokens`. @defaultValue nothing is known
   */
  readonly models?: OutputBounds;
  /** Whether the stable prefix of a conversation is marked to be cached. A write costs more than plain input, a read less. @defaultValue true */
  readonly cache?: boolean;
  /**
   * A client of your own, of the package `@anthropic-ai/sdk`: its key, base URL, headers and proxy are used, and `apiKey`, `baseURL`,
   * `version`, `headers` and `fetch` here are not. It is told not to retry: the chain does. @defaultValue none, `fetch` alone
   */
  readonly client?: AnthropicClient;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Used in place of the global one. @defaultValue the global `fetch` */
  readonly fetch?: FetchFunction;
  /** @defaultValue three retries after 1, 2 and 4 s */
  readonly retry?: RetryPolicy;
  /** @defaultValue see {@link Timeouts} */
  readonly timeouts?: Timeouts;
}

/**
 * Anthropic's Messages, by `fetch` and without its SDK.
 *
 * @throws KatamariError `authentication` where there is no key; `invalid-input` for a missing model, a bad base URL, or a header that
 * cannot be sent.
 */
export function anthropic(options: AnthropicOptions): Provider {
  const { model, maxOutputTokens, models, cache, beta = [], client, fetch, retry, timeouts } = options;
  const name = 'anthropic';
  const betaHeader = beta.length === 0 ? {} : { 'anthropic-beta': beta.join(',') };
  const wire: Wire = {
    toRequest: (request) => toRequest(request, { model, provider: name, maxOutputTokens, models, cache }),
    readStream,
  };
  if (client !== undefined) {
    return providerOver({
      name,
      model,
      wire,
      retry,
      timeouts,
      open: ({ body, signal }) => {
        const make = (): Promise<Response> =>
          client.messages
            .create(mendedBody(body), { signal, maxRetries: 0, headers: betaHeader })
            .asResponse();
        return bodyOfResponse({ provider: name, signal, make });
      },
    });
  }
  return wireProvider({
    name,
    model,
    baseURL: options.baseURL ?? readEnvironment('ANTHROPIC_BASE_URL') ?? 'https://api.anthropic.com',
    path: () => 'v1/messages',
    headers: {
      'x-api-key': requiredKey(options.apiKey, 'ANTHROPIC_API_KEY'),
      'anthropic-version': options.version ?? '2023-06-01',
      ...betaHeader,
      ...options.headers,
    },
    wire,
    fetch,
    retry,
    timeouts,
  });
}
