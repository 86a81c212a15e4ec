import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import { readStream } from '../wire/google-generate/read-stream.ts';
import { toRequest } from '../wire/google-generate/to-request.ts';
import { asRecord } from '../wire/json-record.ts';
import { bodyOfChunks, mendedBody } from './client-body.ts';
import { providerOver, type OutgoingRequest, type Wire } from './provider-over.ts';
import { readEnvironment } from './read-environment.ts';
import { requiredKey } from './required-key.ts';
import { wireProvider } from './wire-provider.ts';

/** What is used of a client: of the package `@google/genai`, or of its predecessor `@google/generative-ai`. */
export type GoogleClient = GenaiClient | GenerativeAiClient;

/** What is used of a client of the package `@google/genai`. */
export interface GenaiClient {
  readonly models: {
    /** Makes the call. */
    generateContentStream(parameters: {
      model: string;
      contents: never;
      config?: object;
    }): Promise<AsyncIterable<unknown>>;
  };
}

/** What is used of a client of the package `@google/generative-ai`. */
export interface GenerativeAiClient {
  /** The model to ask. */
  getGenerativeModel(parameters: { model: string }): {
    /** Makes the call. */
    generateContentStream(request: never, options?: { signal?: AbortSignal }): Promise<GenerativeAiAnswer>;
  };
}

/** What is used of an answer of that package. */
export interface GenerativeAiAnswer {
  readonly stream: AsyncIterable<unknown>;
  readonly response: Promise<unknown>;
}

/** Options of {@link google}. */
export interface GoogleOptions {
  /** The model's id, for example `gemini-2.5-flash`; `tunedModels/…` for one of your own. */
  readonly model: string;
  /** Sent as `x-goog-api-key`. @defaultValue the environment variable `GOOGLE_GEMINI_API_KEY`, else `GEMINI_API_KEY`, else `GOOGLE_API_KEY`, read when the provider is made */
  readonly apiKey?: string;
  /** @defaultValue the environment variable `GOOGLE_GEMINI_BASE_URL`, else `https://generativelanguage.googleapis.com` */
  readonly baseURL?: string;
  /** Version of the protocol, the first step of the path. JSON schemas need `v1beta`. @defaultValue `'v1beta'` */
  readonly apiVersion?: string;
  /**
   * A client of your own, of the package `@google/genai` or `@google/generative-ai`: its key, base URL and version are used, and `apiKey`,
   * `baseURL`, `apiVersion`, `headers` and `fetch` here are not. These clients parse the answer themselves and hand out no raw response, so
   * what they lose of a stream is lost; one that ends without a finish reason is an error all the same. @defaultValue none, `fetch` alone
   */
  readonly client?: GoogleClient;
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
 * Google's Gemini, by `fetch` and without its SDK.
 *
 * @throws KatamariError `authentication` where there is no key; `invalid-input` for a missing model, a bad base URL, or a header that
 * cannot be sent.
 */
export function google(options: GoogleOptions): Provider {
  const { model, apiVersion = 'v1beta', client, fetch, retry, timeouts } = options;
  const name = 'google';
  const wire: Wire = { toRequest: (request) => toRequest(request, { model, provider: name }), readStream };
  if (client !== undefined) {
    return providerOver({
      name,
      model,
      wire,
      retry,
      timeouts,
      open: (request) => openByClient(client, request, name),
    });
  }
  return wireProvider({
    name,
    model,
    baseURL:
      options.baseURL ??
      readEnvironment('GOOGLE_GEMINI_BASE_URL') ??
      'https://generativelanguage.googleapis.com',
    path: (asked) => `${apiVersion}/${modelPath(asked)}:streamGenerateContent`,
    query: { alt: 'sse' },
    headers: {
      'x-goog-api-key': requiredKey(
        options.apiKey,
        'GOOGLE_GEMINI_API_KEY',
        'GEMINI_API_KEY',
        'GOOGLE_API_KEY',
      ),
      ...options.headers,
    },
    wire,
    fetch,
    retry,
    timeouts,
  });
}

function openByClient(
  client: GoogleClient,
  { body, model, signal }: OutgoingRequest,
  provider: string,
): Promise<ReadableStream<Uint8Array>> {
  const mended = mendedBody(body);
  const make = (): Promise<AsyncIterable<unknown>> =>
    'models' in client
      ? askGenai(client, mended, model, signal)
      : askGenerativeAi(client, mended, model, signal);
  return bodyOfChunks({ provider, signal, make });
}

/** This client wants all settings in one object, and spells them as the wire does. */
function askGenai(
  client: GenaiClient,
  body: object,
  model: string,
  abortSignal: AbortSignal,
): Promise<AsyncIterable<unknown>> {
  const { contents, generationConfig, ...rest } = body as Readonly<Record<string, unknown>>;
  const config = { ...asRecord(generationConfig), ...rest, abortSignal };
  return client.models.generateContentStream({ model, contents: contents as never, config });
}

async function askGenerativeAi(
  client: GenerativeAiClient,
  body: object,
  model: string,
  signal: AbortSignal,
): Promise<AsyncIterable<unknown>> {
  const { stream, response } = await client
    .getGenerativeModel({ model })
    .generateContentStream(body as never, { signal });
  // The same answer again, as a promise that rejects with the stream: nobody else would look at it.
  response.catch(ignore);
  return stream;
}

function ignore(): void {
  // Told by the stream.
}

function modelPath(model: string): string {
  const whole = model.includes('/') ? model : `models/${model}`;
  return whole.split('/').map(encodeURIComponent).join('/');
}
