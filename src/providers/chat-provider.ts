import type { FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import type { OpenaiChatDialect } from '../wire/openai-chat/dialect.ts';
import { readStream } from '../wire/openai-chat/read-stream.ts';
import { toRequest, type ToRequestOptions } from '../wire/openai-chat/to-request.ts';
import type { Wire } from './provider-over.ts';
import { wireProvider } from './wire-provider.ts';

/** What a provider over the chat-completions protocol is made of. */
export interface ChatProviderSettings {
  readonly name: string;
  readonly model: string;
  readonly baseURL: string;
  /** All of them, the key's too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly dialect: OpenaiChatDialect;
  readonly fetch?: FetchFunction | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/**
 * A provider over chat completions by `fetch`.
 *
 * @throws KatamariError `invalid-input` for a missing model, a bad base URL, or a header that cannot be sent.
 */
export function chatProvider({ dialect, ...settings }: ChatProviderSettings): Provider {
  const { name, model } = settings;
  return wireProvider({
    ...settings,
    path: () => 'chat/completions',
    wire: chatWire({ model, provider: name, dialect }),
    optionHint: ' Add it to dialect.options to send it.',
  });
}

/** The chat-completions protocol, as one host speaks it. */
export function chatWire(options: ToRequestOptions): Wire {
  return { toRequest: (request) => toRequest(request, options), readStream };
}
