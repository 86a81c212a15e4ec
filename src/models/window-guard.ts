import { ProviderError } from '../errors.ts';
import type { RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { rewriteStep } from '../rewrite-step.ts';
import type { Step } from '../step.ts';
import { loadCounter } from '../tokens/load-counter.ts';
import { mediaOf } from '../tokens/media-by-model.ts';
import { RequestCounter } from '../tokens/request-counter.ts';
import { fitsWindow } from './fits-window.ts';
import type { ModelRegistry } from './model-registry.ts';

/**
 * A step that stops a call which cannot fit the model's window before it is sent, and before it is paid for. Counts with the model's own
 * tokenizer where it is public. A model that the registry does not know passes. Use it after `trim()`.
 *
 * @throws to the run's consumer: ProviderError code `context-overflow`, with the numbers
 */
export function windowGuard(registry: Pick<ModelRegistry, 'find'>): Step {
  return rewriteStep({
    name: 'window-guard',
    stage: 'call',
    rewrite: (request, context) => guard(registry, request, context),
  });
}

async function guard(
  registry: Pick<ModelRegistry, 'find'>,
  request: ChatRequest,
  context: RunContext,
): Promise<ChatRequest> {
  const model = request.model ?? context.provider.model;
  const entry = registry.find(`${context.provider.name}/${model}`) ?? registry.find(model);
  if (entry?.contextWindow == null) return request;
  const counter = new RequestCounter(await loadCounter(model), mediaOf(model));
  const { fits, contextWindow, needed } = fitsWindow(
    entry,
    counter.request(request),
    request.maxOutputTokens ?? 0,
  );
  if (fits !== false) return request;
  const message = `The request needs ${needed} tokens; the window of ${model} has ${contextWindow}. Trim to a smaller budget or ask for a shorter answer.`;
  throw new ProviderError('context-overflow', message);
}
