import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import { readStream } from '../wire/openai-responses/read-stream.ts';
import { toRequest } from '../wire/openai-responses/to-request.ts';
import { chatWire } from './chat-provider.ts';
import { bodyOfResponse, mendedBody } from './client-body.ts';
import { providerOver, type Wire } from './provider-over.ts';
import type { RawAnswer } from './raw-answer.ts';
import { readEnvironment } from './read-environment.ts';
import { requiredKey } from './required-key.ts';
import { wireProvider } from './wire-provider.ts';

export type { FetchFunction, RawAnswer };

/** What is used of a client of the package `openai`. */
export interface OpenaiClient {
  readonly chat: {
    readonly completions: {
      /** Makes the call. */
      create(body: object, options?: object): RawAnswer;
    };
  };
  readonly responses: {
    /** Makes the call. */
    create(body: object, options?: object): RawAnswer;
  };
}

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
  /** Which of OpenAI's protocols is spoken: chat completions, or Responses, where thoughts go back to the model. @defaultValue `'chat'` */
  readonly api?: 'chat' | 'responses';
  /**
   * A client of your own, of the package `openai`, also for Azure: its key, base URL, headers and proxy are used, and `apiKey`, `baseURL`,
   * `organization`, `project`, `headers` and `fetch` here are not. It is told not to retry: the chain does. @defaultValue none, `fetch` alone
   */
  readonly client?: OpenaiClient;
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
 * @throws KatamariError `authentication` where there is no key; `invalid-input` for a missing model, a bad base URL, or a header that
 * cannot be sent.
 */
export function openai(options: OpenaiOptions): Provider {
  const { model, organization, project, client, fetch, retry, timeouts } = options;
  const name = 'openai';
  const api = options.api ?? 'chat';
  const wire = wires[api](model, name);
  if (client !== undefined) {
    return providerOver({
      name,
      model,
      wire,
      retry,
      timeouts,
      open: ({ body, signal }) => {
        const endpoint = api === 'chat' ? client.chat.completions : client.responses;
        const make = (): Promise<Response> =>
          endpoint.create(mendedBody(body), { signal, maxRetries: 0 }).asResponse();
        return bodyOfResponse({ provider: name, signal, make });
      },
    });
  }
  return wireProvider({
    name,
    model,
    baseURL: options.baseURL ?? readEnvironment('OPENAI_BASE_URL') ?? 'https://api.openai.com/v1',
    path: () => (api === 'chat' ? 'chat/completions' : 'responses'),
    headers: {
      authorization: `Bearer ${requiredKey(options.apiKey, 'OPENAI_API_KEY')}`,
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
      ...(project === undefined ? {} : { 'openai-project': project }),
      ...options.headers,
    },
    wire,
    fetch,
    retry,
    timeouts,
  });
}

const wires = {
  chat: (model: string, provider: string): Wire =>
    chatWire({ model, provider, dialect: { maxTokensField: 'max_completion_tokens' } }),
  responses: (model: string, provider: string): Wire => ({
    toRequest: (request) => toRequest(request, { model, provider }),
    readStream,
  }),
};
