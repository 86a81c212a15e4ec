import type { RetryPolicy } from '../provider.ts';
import type { Step } from '../step.ts';

/**
 * Sets how the calls it stands around repeat failed attempts, whatever their provider's own policy.
 *
 * @example chain.use(retry({ maxRetries: 1 }))
 */
export function retry(policy: RetryPolicy): Step {
  return {
    name: 'retry',
    stage: 'call',
    wrap: (next) => (request, context) =>
      next(request, { ...context, retry: { ...context.retry, ...policy } }),
  };
}
