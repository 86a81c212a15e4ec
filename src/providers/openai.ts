import { KatamariError } from '../errors.ts';
import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import { chatProvider } from './chat-provider.ts';
import { readEnvironment } from './read-environment.ts';

export type { FetchFunction };

/** Options of {@link openai}. */
export interface OpenaiOptions {
  /** The model's id, for example `gpt-5-mini`. */
  readonly model: string;
  /** @defaultValue the environment variable `OPENAI_API_KEY`, read when the provider is made */
  readonly apiKey?: string;
  /** @defaultValue the environment variable `OPENAI_BASE_URL`, else `https://api.openai.com/v1` */
  readonly baseURL?: string;
  /** The organization that is billed. @defaultValue the key's own */
  readonly organization?: string;
  /** The project that is billed. @defaultValue the key's own */
  readonly project?: string;
  /** Which of OpenAI's protocols is spoken. @defaultValue `'chat'` */
  readonly api?: 'chat';
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
 * OpenAI, by `fetch` and without its SDK.
 *
 * @throws {@link KatamariError} `authentication` where there is no key; `invalid-input` for a missing model, a bad base URL, or a header that
 * cannot be sent.
 */
export function openai(options: OpenaiOptions): Provider {
  const apiKey = options.apiKey ?? readEnvironment('OPENAI_API_KEY');
  if (apiKey === undefined || apiKey === '') {
    throw new KatamariError(
      'authentication',
      'There is no API key: set the environment variable OPENAI_API_KEY or pass { apiKey }.',
    );
  }
  return chatProvider({
    name: 'openai',
    model: options.model,
    baseURL: options.baseURL ?? readEnvironment('OPENAI_BASE_URL') ?? 'https://api.openai.com/v1',
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(options.organization === undefined ? {} : { 'openai-organization': options.organization }),
      ...(options.project === undefined ? {} : { 'openai-project': options.project }),
      ...options.headers,
    },
    dialect: { maxTokensField: 'max_completion_tokens' },
    fetch: options.fetch,
    retry: options.retry,
    timeouts: options.timeouts,
  });
}
