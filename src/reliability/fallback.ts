import { KatamariError, type ErrorCode } from '../errors.ts';
import type { AttemptEndEvent, ChainEvent } from '../event.ts';
import type { Generate, Provider, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Step } from '../step.ts';

/** Options of {@link fallback}. */
export interface FallbackOptions {
  /**
   * Whether the next provider is asked also when text of the answer was shown already. The text is then marked as superseded; a run that
   * is read by its tokens can't take text back and fails all the same. @defaultValue false
   */
  readonly afterText?: boolean;
  /** Which errors the next provider may mend. @defaultValue all of a provider's, also a refused key: it is another provider's key */
  readonly when?: (error: { readonly code: ErrorCode; readonly retryable: boolean }) => boolean;
}

/**
 * Asks the next provider when one has failed for good, its own retries included. The request's `model` is the first provider's and is not
 * sent to the others.
 *
 * @example chain.use(fallback([openaiCompatible({ preset: 'groq', model: 'llama-3.3-70b-versatile' })]))
 * @throws KatamariError the last provider's error, when all have failed; code `invalid-input` without a provider
 */
export function fallback(providers: readonly Provider[], options: FallbackOptions = {}): Step {
  if (providers.length === 0)
    throw new KatamariError('invalid-input', 'fallback() needs at least one provider.');
  return {
    name: 'fallback',
    stage: 'call',
    wrap: (next) => (request, context) =>
      tryAll(next, request, context, [context.provider, ...providers], options),
  };
}

async function* tryAll(
  next: Generate,
  request: ChatRequest,
  context: RunContext,
  providers: readonly Provider[],
  options: FallbackOptions,
): AsyncGenerator<readonly ChainEvent[]> {
  const { model: _, ...portable } = request;
  for (const [index, provider] of providers.entries()) {
    const asked = index === 0 ? request : portable;
    const state = { shown: false, goesOn: false };
    try {
      for await (const batch of next(asked, { ...context, provider })) {
        const last = batch.find(isFinalFailure);
        if (last !== undefined)
          state.goesOn = index < providers.length - 1 && mayGoOn(last, state.shown, context, options);
        else state.shown ||= batch.some((event) => event.type === 'token');
        yield state.goesOn
          ? batch.map((event) => (event === last ? supersede(last, state.shown) : event))
          : batch;
      }
      return;
    } catch (error) {
      if (!state.goesOn) throw error;
    }
  }
}

function isFinalFailure(event: ChainEvent): event is AttemptEndEvent {
  return event.type === 'attempt-end' && event.outcome === 'failed' && event.delayMs === null;
}

function mayGoOn(
  end: AttemptEndEvent,
  shown: boolean,
  context: RunContext,
  options: FallbackOptions,
): boolean {
  const error = { code: end.error?.code ?? 'unknown', retryable: end.retryable === true } as const;
  if (options.when?.(error) === false) return false;
  if (!shown || !context.answer) return true;
  return options.afterText === true && context.retractable;
}

/** The next provider starts over at once. */
function supersede(end: AttemptEndEvent, shown: boolean): AttemptEndEvent {
  return { ...end, delayMs: 0, superseded: shown };
}
