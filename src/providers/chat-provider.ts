import { KatamariError } from '../errors.ts';
import { checkHeaders } from '../http/headers.ts';
import { postStream, type FetchFunction } from '../http/post-stream.ts';
import { streamAnswer } from '../http/stream-answer.ts';
import type { Provider, RetryPolicy, RunContext, Timeouts } from '../provider.ts';
import type { OpenaiChatDialect } from '../wire/openai-chat/dialect.ts';
import { readStream } from '../wire/openai-chat/read-stream.ts';
import { toRequest } from '../wire/openai-chat/to-request.ts';
import { secretsOf } from '../wire/redact.ts';
import { endpointUrl } from './endpoint-url.ts';

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
 * A provider over chat completions by `fetch`. The key lives in a closure: nothing that prints the provider prints it.
 *
 * @throws {@link KatamariError} `invalid-input` for a missing model, a bad base URL, or a header that cannot be sent.
 */
export function chatProvider(settings: ChatProviderSettings): Provider {
  const { name, model, dialect, fetch, retry, timeouts } = settings;
  if (typeof model !== 'string' || model.trim() === '') {
    throw new KatamariError('invalid-input', `The provider ${name} needs a model: pass { model: '…' }.`);
  }
  const url = endpointUrl(settings.baseURL, 'chat/completions');
  const headers = checkHeaders(settings.headers);
  const secrets = [...secretsOf(headers), ...new URL(url).searchParams.values()];
  return {
    name,
    model,
    isLanguageModel: true,
    generate: (request, context) =>
      streamAnswer(() => {
        const { body, ignored } = toRequest(request, { model, provider: name, dialect });
        for (const key of ignored) tellIgnored(key, name, context);
        return {
          provider: name,
          reader: readStream({ labels: context, provider: name, secrets }),
          open: async (signal) =>
            (
              await postStream({
                url,
                headers,
                body,
                signal,
                provider: name,
                secrets,
                fetch,
                clock: context.clock,
              })
            ).body,
        };
      }, context.signal),
    ...(retry === undefined ? {} : { retry }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

function tellIgnored(key: string, provider: string, context: RunContext): void {
  context.emit({
    type: 'issue',
    req_id: context.req_id,
    source: provider,
    code: 'unknown-provider-option',
    severity: 'warning',
    message: `${provider} is not known to take the option ${JSON.stringify(key)}, so it was not sent. Add it to dialect.options to send it.`,
    path: `providerOptions.${provider}.${key}`,
  });
}
