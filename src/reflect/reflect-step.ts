import type { ChainEvent } from '../event.ts';
import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Step } from '../step.ts';
import { Reflection, type ReflectOptions } from './reflection.ts';

/**
 * A step that answers in three calls: a draft, a critique of it, and a final answer that mends what the critic found. Two calls where the
 * critic approves, one where the draft asks for tools or was refused. All of them are streamed; only the final text belongs to the answer,
 * so `run.tokens()` begins with the third call, or with the critic's approval.
 *
 * @throws to the run's consumer: what the draft's call throws, and see {@link ReflectOptions.onFailure}
 */
export function reflect(options: ReflectOptions = {}): Step {
  return {
    name: 'reflect',
    stage: 'plan',
    wrap: (next) => (request, context) => reflected(next, request, context, options),
  };
}

async function* reflected(
  next: Generate,
  request: ChatRequest,
  context: RunContext,
  options: ReflectOptions,
): AsyncGenerator<readonly ChainEvent[]> {
  const { req_id, clock, emit } = context;
  const startedAt = clock.now();
  emit({ type: 'step-start', req_id, step: 'reflect' });
  try {
    // The texts are a tenth of the core in size and needed by nobody who does not reflect.
    const plan = new Reflection(request, context, options, await import('./prompts.ts'));
    let call = plan.first() as ReturnType<Reflection['after']>;
    while (call !== undefined) {
      try {
        for await (const batch of next(call.request, call.context)) yield plan.take(call, batch);
      } catch (error) {
        plan.afterFailure(call, error);
        break;
      }
      call = plan.after(call);
    }
    if (plan.closing.length > 0) yield plan.closing;
  } finally {
    emit({ type: 'step-end', req_id, step: 'reflect', latency_ms: clock.now() - startedAt });
  }
}
