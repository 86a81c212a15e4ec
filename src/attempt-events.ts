import type { AttemptEndEvent, AttemptLabels, FinishReason, Usage } from './event.ts';

/** Just the labels, out of a context or an event. */
export function labelsOf({ req_id, call, phase, attempt, answer }: AttemptLabels): AttemptLabels {
  return { req_id, call, phase, attempt, answer };
}

/** What a provider says at the end of an attempt that it completed. */
export interface Completion {
  readonly finishReason: FinishReason;
  /** The vendor's own word. @defaultValue `null` */
  readonly vendorReason?: string | null;
  /** What was billed. @defaultValue `null`: not known */
  readonly usage?: Usage | null;
  /** The model that answered, where the vendor names it. */
  readonly servedModel?: string | undefined;
}

/** The last event a provider yields. */
export function completedEvent(labels: AttemptLabels, completion: Completion): AttemptEndEvent {
  const { finishReason, vendorReason = null, usage = null, servedModel } = completion;
  return {
    type: 'attempt-end',
    ...labelsOf(labels),
    outcome: 'completed',
    finishReason,
    vendorReason,
    usage,
    ...(servedModel === undefined ? {} : { servedModel }),
    retryable: null,
    delayMs: null,
    superseded: false,
  };
}
