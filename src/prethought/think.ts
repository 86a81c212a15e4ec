import { isKatamariError } from '../errors.ts';
import type { Prethought, PrethoughtEvent } from '../event.ts';
import { languageOf } from '../language.ts';
import { textOf, type Message } from '../message.ts';
import type { RunContext } from '../provider.ts';
import { quoteAsData } from '../quote.ts';
import type { ChatRequest } from '../request.ts';
import { askModel } from './ask-model.ts';
import { isEmpty } from './kinds.ts';
import type { PrethoughtOptions } from './prethought-options.ts';
import { readByRules } from './read-by-rules.ts';
import { renderThought, rubricLines } from './render-thought.ts';

type Read = Prethought & Pick<PrethoughtEvent, 'by'>;

/** Reads what the last user message asks for, tells it, and gives request and context as they go on. @throws what an abort throws */
export async function think(
  request: ChatRequest,
  context: RunContext,
  options: PrethoughtOptions,
): Promise<[ChatRequest, RunContext]> {
  const { req_id, clock, emit } = context;
  const startedAt = clock.now();
  emit({ type: 'step-start', req_id, step: 'prethought' });
  try {
    const at = request.messages.findLastIndex(({ role }) => role === 'user');
    const message = request.messages[at];
    const text = message === undefined ? '' : textOf(message);
    if (message === undefined || text.trim() === '') return [request, context];
    const read = await readRequest(text, request, context, options);
    if (isEmpty(read)) return [request, context];
    emit({ type: 'prethought', req_id, ...read });
    const language = languageOf(text);
    const rubric = [...(context.rubric ?? []), ...rubricLines(read, language)];
    const block = quoteAsData('prethought', renderThought(read, language));
    return [
      options.addToRequest === true
        ? { ...request, messages: request.messages.with(at, appended(message, block)) }
        : request,
      options.rubric === false ? context : { ...context, rubric },
    ];
  } finally {
    emit({ type: 'step-end', req_id, step: 'prethought', latency_ms: clock.now() - startedAt });
  }
}

async function readRequest(
  text: string,
  request: ChatRequest,
  context: RunContext,
  options: PrethoughtOptions,
): Promise<Read> {
  const byRules = (): Read => ({ by: 'rules', ...readByRules(text) });
  const { ask, state } = context;
  if (options.by !== 'model' || ask === undefined) return byRules();
  // While tools answer one after the other, the question stays the same.
  const known = state.get('prethought') as { readonly text: string; readonly read: Read } | undefined;
  if (known?.text === text) return known.read;
  try {
    const read: Read = { by: 'model', ...(await askModel(text, request, context, { ...options, ask })) };
    state.set('prethought', { text, read });
    return read;
  } catch (error) {
    context.signal.throwIfAborted();
    tellFailure(context, error);
    return byRules();
  }
}

function tellFailure({ req_id, emit }: RunContext, error: unknown): void {
  const why = isKatamariError(error) ? error.message : 'A provider threw an error of its own.';
  const message = `The model's reading of the request failed, so rules have read it. ${why}`;
  emit({
    type: 'issue',
    req_id,
    source: 'prethought',
    code: 'prethought-failed',
    severity: 'warning',
    message,
  });
}

/** Behind what the user wrote, so that the request stays the same up to there. */
function appended(message: Message, block: string): Message {
  if (message.role !== 'user') return message;
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: `${content}\n\n${block}` };
  return { ...message, content: [...content, { type: 'text', text: block }] };
}
