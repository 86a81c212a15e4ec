import { defer } from '../defer.ts';
import { KatamariError } from '../errors.ts';
import type { Step } from '../step.ts';
import type { ReflectOptions } from './reflect-options.ts';

/**
 * A step that answers in three calls: a draft, a critique of it, and a final answer that mends what the critic found. Two calls where the
 * critic approves, one where the draft asks for tools or was refused; more with `maxRounds`, `drafts` and `verify`. All of them are
 * streamed; only the chosen text belongs to the answer, so `run.tokens()` begins with the last revision, or with the choice of another text.
 *
 * @throws KatamariError code `invalid-input` for a number out of its range. To the run's consumer: what the draft's call throws, and see
 * {@link ReflectOptions.onFailure}
 */
export function reflect(options: ReflectOptions = {}): Step {
  const { maxRounds = 1, drafts = 1, critique } = options;
  check('maxRounds', maxRounds, 0, 20);
  check('drafts', drafts, 1, 8);
  check('critique.repairs', critique?.repairs ?? 1, 0, 5);
  return {
    name: 'reflect',
    stage: 'plan',
    // The machinery is a sixth of the core in size and needed by nobody who does not reflect.
    wrap: (next) => (request, context) =>
      defer(async () => (await import('./reflection.ts')).reflection(next, request, context, options)),
  };
}

function check(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new KatamariError(
    'invalid-input',
    `reflect: ${name} must be a whole number from ${least} to ${most}.`,
  );
}
