import type { Timeouts } from '../provider.ts';
import type { Step } from '../step.ts';

/**
 * Sets how long an attempt of the calls it stands around may take, whatever their provider's own limits.
 *
 * @example chain.use(timeout({ firstTokenMs: 5000 }))
 */
export function timeout(limits: Timeouts): Step {
  return {
    name: 'timeout',
    stage: 'call',
    wrap: (next) => (request, context) =>
      next(request, { ...context, timeouts: { ...context.timeouts, ...limits } }),
  };
}
