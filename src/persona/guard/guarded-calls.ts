import type { ChainEvent } from '../../event.ts';
import type { Generate, RunContext } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import { askAgain } from './ask-again.ts';
import type { ForbidPlan } from './forbid-options.ts';
import { Guard } from './guard.ts';
import { GuardedCall } from './guarded-call.ts';
import { inputIssues } from './input-issues.ts';
import { SpeakerGuards } from './speaker-guards.ts';

type Batch = readonly ChainEvent[];

/** Puts a guard around model calls; what it has compiled is shared by all calls of all runs. */
export class GuardedCalls {
  readonly #plan: ForbidPlan;
  /** Of the entries that were given, or of those who have spoken last. */
  readonly #guards: Guard | SpeakerGuards;
  /** Runs whose input has been looked through, by what numbers their calls. */
  readonly #known = new WeakSet<RunContext['nextCall']>();

  /** @throws PersonaError when an entry that is given can't be matched */
  constructor(what: readonly string[] | 'persona', plan: ForbidPlan) {
    this.#plan = plan;
    this.#guards = what === 'persona' ? new SpeakerGuards(plan) : new Guard(what, plan);
  }

  /**
   * One model call, guarded; two, where the answer is asked for once more; as it is, where nothing is forbidden.
   *
   * @throws PersonaError when an entry of the persona that speaks can't be matched
   */
  generate(next: Generate, request: ChatRequest, context: RunContext): AsyncIterable<Batch> {
    const guard = this.#guards instanceof Guard ? this.#guards : this.#guards.of(context.persona);
    return guard === undefined ? next(request, context) : this.#guarded(guard, next, request, context);
  }

  async *#guarded(
    guard: Guard,
    next: Generate,
    request: ChatRequest,
    context: RunContext,
  ): AsyncGenerator<Batch> {
    this.#lookAtInput(guard, request, context);
    const { action } = this.#plan;
    const call = new GuardedCall(guard, this.#plan, action, request, context);
    yield* guarded(call, next, request, context);
    const { finding } = call;
    if (action !== 'retry' || finding === undefined) return;
    const again = askAgain(
      request,
      finding.entries.map((index) => guard.entry(index)),
    );
    yield* guarded(new GuardedCall(guard, this.#plan, 'mask', again, context), next, again, context);
  }

  #lookAtInput(guard: Guard, request: ChatRequest, context: RunContext): void {
    if (!this.#plan.input || this.#known.has(context.nextCall)) return;
    this.#known.add(context.nextCall);
    for (const issue of inputIssues(guard, request, context)) context.emit(issue);
  }
}

/** Reads a call through its guard. Where that ends it early, the upstream request is cancelled, and the end of its attempt told in place. */
async function* guarded(
  call: GuardedCall,
  next: Generate,
  request: ChatRequest,
  context: RunContext,
): AsyncGenerator<Batch> {
  const closing: ChainEvent[] = [];
  const emit = (event: ChainEvent): void => {
    // Told by an attempt that is closed early; steps outside must see it in its place.
    if (call.isOver && (event.type === 'attempt-end' || isCallMetrics(event))) closing.push(event);
    else context.emit(event);
  };
  const source = next(request, { ...context, emit })[Symbol.asyncIterator]();
  try {
    for (let read = await source.next(); read.done !== true; read = await source.next()) {
      const out = call.take(read.value);
      if (call.isOver) {
        await source.return?.();
        const ended = closing.map((event) => (event.type === 'attempt-end' ? call.endedHere(event) : event));
        yield [...out, ...ended];
        return;
      }
      if (out.length > 0) yield out;
    }
  } finally {
    await source.return?.();
  }
}

function isCallMetrics(event: ChainEvent): boolean {
  return event.type === 'metrics' && event.scope === 'call';
}
