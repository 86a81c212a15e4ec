import { checkHeaders } from '../http/headers.ts';
import { postStream, type FetchFunction } from '../http/post-stream.ts';
import type { Provider, RetryPolicy, Timeouts } from '../provider.ts';
import { secretsOf } from '../wire/redact.ts';
import { endpointUrl } from './endpoint-url.ts';
import { providerOver, type Wire } from './provider-over.ts';

/** What a provider over one of the protocols is made of. */
export interface WireProviderSettings {
  readonly name: string;
  readonly model: string;
  readonly baseURL: string;
  /** The endpoint below the base URL, for the model that is asked. */
  readonly path: (model: string) => string;
  /** Added to the query of the base URL. */
  readonly query?: Readonly<Record<string, string>>;
  /** All of them, the key's too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly wire: Wire;
  /** What can be done to send an option that is not known. @defaultValue nothing */
  readonly optionHint?: string;
  readonly fetch?: FetchFunction | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/**
 * A provider over one of the protocols by `fetch`. The key lives in a closure: nothing that prints the provider prints it.
 *
 * @throws KatamariError `invalid-input` for a missing model, a bad base URL, or a header that cannot be sent.
 */
export function wireProvider(settings: WireProviderSettings): Provider {
  const { name, model, baseURL, path, query, wire, fetch, optionHint, retry, timeouts } = settings;
  const headers = checkHeaders(settings.headers);
  const urlOf = (asked: string): string => withQuery(endpointUrl(baseURL, path(asked)), query);
  // The query is the same whatever the model, and the base URL is checked with it.
  const secrets = [...secretsOf(headers), ...new URL(urlOf('any')).searchParams.values()];
  return providerOver({
    name,
    model,
    wire,
    secrets,
    optionHint,
    retry,
    timeouts,
    open: async ({ body, model: asked, signal, context }) => {
      const { clock } = context;
      const posted = await postStream({
        url: urlOf(asked),
        headers,
        body,
        signal,
        provider: name,
        secrets,
        fetch,
        clock,
      });
      return posted.body;
    },
  });
}

function withQuery(url: string, query: Readonly<Record<string, string>> = {}): string {
  const whole = new URL(url);
  for (const [name, value] of Object.entries(query)) whole.searchParams.set(name, value);
  return whole.href;
}
