import { KatamariError } from '../errors.ts';
import type { Provider, RetryPolicy, RunContext, Timeouts } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { checkUrls, urlFiles } from './check-urls.ts';
import type { AiSdkModel } from './language-model.ts';
import { leftOutIssues } from './model-issues.ts';
import { olderPrompt } from './older-prompt.ts';
import { PartReader } from './part-reader.ts';
import { streamParts, type ModelCall } from './stream-parts.ts';
import { toCallOptions } from './to-call-options.ts';

/** Options of {@link aiSdk}. */
export interface AiSdkOptions {
  /** The provider's name in events and errors. @defaultValue the model's own, for example `openai.responses` */
  readonly name?: string;
  /** @defaultValue three retries after 1, 2 and 4 s */
  readonly retry?: RetryPolicy;
  /** @defaultValue see {@link Timeouts} */
  readonly timeouts?: Timeouts;
}

/**
 * A language model of the Vercel AI SDK as a provider, so that every package written for it can stand in a chain. Made for specification v4
 * (`ai` 7); v3 and v2 are taken too.
 *
 * `providerOptions` of a request goes to the model as it is, in the AI SDK's own spelling. Tools are the app's own: a tool that the provider
 * runs itself leaves its text, and no events of its own.
 *
 * @throws KatamariError `invalid-input` for anything but such a model, a model's name among them.
 */
export function aiSdk(model: AiSdkModel, options: AiSdkOptions = {}): Provider {
  checkModel(model);
  const { name = model.provider, retry, timeouts } = options;
  return {
    name,
    model: model.modelId,
    isLanguageModel: true,
    generate: (request, context) =>
      streamParts(() => prepareCall(model, name, request, context), context.signal),
    ...(retry === undefined ? {} : { retry }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

function prepareCall(
  model: AiSdkModel,
  provider: string,
  request: ChatRequest,
  context: RunContext,
): ModelCall {
  const tell = context.emit;
  for (const issue of leftOutIssues(request, model, { req_id: context.req_id, provider })) tell(issue);
  return {
    reader: new PartReader({ labels: context, provider, tell }),
    open: (signal) => ask(model, provider, request, signal),
  };
}

async function ask(
  model: AiSdkModel,
  provider: string,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<ReadableStream<unknown>> {
  const { prompt, reasoning, ...others } = toCallOptions(request, signal);
  const files = urlFiles(prompt);
  if (files.length > 0) checkUrls(files, await model.supportedUrls, provider);
  // The run may have ended while the model thought about what it loads.
  signal.throwIfAborted();
  const version = model.specificationVersion;
  const options = {
    ...others,
    prompt: olderPrompt(prompt, version),
    ...(reasoning === undefined || version !== 'v4' ? {} : { reasoning }),
  };
  return (await model.doStream(options as never)).stream;
}

/** Callers without types pass names, and models of versions to come. */
function checkModel(model: unknown): void {
  if (typeof model === 'string') {
    throw new KatamariError(
      'invalid-input',
      'aiSdk needs a model and got a name: pass what a provider package makes of it, for example openai(name).',
    );
  }
  const { specificationVersion: version, doStream, provider, modelId } = (model ?? {}) as Partial<AiSdkModel>;
  const isWhole =
    typeof doStream === 'function' && typeof provider === 'string' && typeof modelId === 'string';
  if (isWhole && (version === 'v4' || version === 'v3' || version === 'v2')) return;
  throw new KatamariError(
    'invalid-input',
    'aiSdk needs a language model of the AI SDK, specification v4, v3 or v2, as a provider package makes it.' +
      (typeof version === 'string' ? ` This one says ${JSON.stringify(version.slice(0, 20))}.` : ''),
  );
}
