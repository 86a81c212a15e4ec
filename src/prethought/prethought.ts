import { defer } from '../defer.ts';
import type { Step } from '../step.ts';
import type { PrethoughtOptions } from './prethought-options.ts';

/**
 * A step that states what a request asks for before it is answered: its purpose, constraints, viewpoint and expectations (目的・制約・視点・期待), in a
 * `prethought` event. Critics of `reflect()` measure the answer by it, and it may be added to the request.
 *
 * @example chain.use(prethought()).use(reflect())
 */
export function prethought(options: PrethoughtOptions = {}): Step {
  return {
    name: 'prethought',
    stage: 'prompt',
    // What reads the request is loaded with the first run.
    wrap: (next) => (request, context) =>
      defer(async () => {
        const { think } = await import('./think.ts');
        return next(...(await think(request, context, options)));
      }),
  };
}
