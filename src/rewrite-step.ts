import { defer } from './defer.ts';
import type { RunContext } from './provider.ts';
import type { ChatRequest } from './request.ts';
import type { Stage, Step } from './step.ts';

/** What makes a rewriting step. */
export interface RewriteStepOptions {
  readonly name: string;
  readonly stage: Stage;
  readonly labels?: Readonly<Record<string, string>>;
  /** Gives the request that goes on. May tell the consumer things through `context.emit`; must not change its input. */
  readonly rewrite: (request: ChatRequest, context: RunContext) => ChatRequest | Promise<ChatRequest>;
}

/**
 * A step that only rewrites the request. It stays off the path of the tokens, and its duration is told by `step-start` and `step-end`.
 *
 * @throws whatever `rewrite` throws, to the run's consumer
 */
export function rewriteStep({ name, stage, labels, rewrite }: RewriteStepOptions): Step {
  return {
    name,
    stage,
    ...(labels === undefined ? {} : { labels }),
    wrap: (next) => (request, context) => {
      const { req_id, clock, emit } = context;
      const startedAt = clock.now();
      emit({ type: 'step-start', req_id, step: name });
      const proceed = (rewritten: ChatRequest) => {
        emit({ type: 'step-end', req_id, step: name, latency_ms: clock.now() - startedAt });
        return next(rewritten, context);
      };
      const rewritten = rewrite(request, context);
      return rewritten instanceof Promise ? defer(async () => proceed(await rewritten)) : proceed(rewritten);
    },
  };
}
