import { KatamariError } from '../errors.ts';
import { streamAnswer } from '../http/stream-answer.ts';
import type { Provider, RetryPolicy, RunContext, Timeouts } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { ReaderOptions, StreamReader } from '../wire/stream-reader.ts';
import type { WireRequest } from '../wire/wire-request.ts';

/** A protocol: how a request is written and how its answer is read. */
export interface Wire {
  toRequest(request: ChatRequest): WireRequest;
  readStream(options: ReaderOptions): StreamReader;
}

/** One request, ready to go out. */
export interface OutgoingRequest {
  readonly body: WireRequest['body'];
  /** The model that is asked. */
  readonly model: string;
  /** Ends the request and the body of its answer. */
  readonly signal: AbortSignal;
  readonly context: RunContext;
}

/** What a provider is made of: a protocol, and a way to its host. */
export interface ProviderParts {
  readonly name: string;
  readonly model: string;
  readonly wire: Wire;
  /** Makes the request and gives back the body of its answer. */
  open(request: OutgoingRequest): Promise<ReadableStream<Uint8Array>>;
  /** What must not appear in an error. @defaultValue nothing */
  readonly secrets?: readonly string[];
  /** What can be done to send an option that is not known. @defaultValue nothing */
  readonly optionHint?: string | undefined;
  readonly retry?: RetryPolicy | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/**
 * A provider over one of the protocols, whatever way leads to its host.
 *
 * @throws KatamariError `invalid-input` for a missing model.
 */
export function providerOver(parts: ProviderParts): Provider {
  const { name, model, wire, secrets = [], retry, timeouts } = parts;
  if (typeof model !== 'string' || model.trim() === '') {
    throw new KatamariError('invalid-input', `The provider ${name} needs a model: pass { model: '…' }.`);
  }
  return {
    name,
    model,
    isLanguageModel: true,
    generate: (request, context) =>
      streamAnswer(() => {
        const wireRequest = wire.toRequest(request);
        tellLeftOut(wireRequest, parts, context);
        if (request.reasoning?.parallel === true) tellDropped('reasoning.parallel', name, context);
        const { body } = wireRequest;
        return {
          provider: name,
          reader: wire.readStream({ labels: context, provider: name, secrets }),
          open: (signal) => parts.open({ body, model: request.model ?? model, signal, context }),
        };
      }, context.signal),
    ...(retry === undefined ? {} : { retry }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

/** Tells the consumer what of the request was not sent. */
function tellLeftOut(
  { ignored, dropped = [] }: WireRequest,
  { name, optionHint = '' }: ProviderParts,
  context: RunContext,
): void {
  const issue = { type: 'issue', req_id: context.req_id, source: name } as const;
  for (const key of ignored) {
    context.emit({
      ...issue,
      code: 'unknown-provider-option',
      severity: 'warning',
      message: `${name} is not known to take the option ${JSON.stringify(key)}, so it was not sent.${optionHint}`,
      path: `providerOptions.${name}.${key}`,
    });
  }
  for (const setting of dropped) tellDropped(setting, name, context);
}

function tellDropped(setting: string, name: string, context: RunContext): void {
  context.emit({
    type: 'issue',
    req_id: context.req_id,
    source: name,
    code: 'setting-not-sent',
    severity: 'info',
    message: `${name} does not take ${setting} for this request, so it was not sent.`,
    path: setting,
  });
}
