import { defer } from '../../defer.ts';
import { KatamariError } from '../../errors.ts';
import type { Step } from '../../step.ts';
import type { Persona } from '../persona.ts';
import type { ForbidOptions, ForbidPlan } from './forbid-options.ts';
import type { GuardedCalls } from './guarded-calls.ts';

const ACTIONS: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['report', 'mask', 'stop', 'retry']);

/**
 * A step that keeps what is forbidden out of the stream, exactly: no term leaves, however the text is cut into pieces, and nothing is held
 * back longer than it may still become one. Terms, regular expressions and classes as in a persona's `forbid`; text is compared without
 * regard to case (terms), width, kana, zero-width characters and combining marks. Every attempt of every phase is guarded, with its text,
 * its reasoning and the arguments of its tool calls; what `result()` holds is the guarded text. What it needs is loaded at the first call.
 *
 * Use it before `continueAfterCut()`, so that it sees both sides of a cut.
 *
 * @param what - a list of entries; a persona with its `forbid`; or `'persona'` for what the persona that speaks in a run forbids, whoever that
 * is: nothing where nobody in particular does. It follows `conversation.persona`, and one chain serves many personas.
 * @example chain.use(persona(engineer)).use(forbid('persona'))
 * @throws KatamariError code `invalid-input` when an option will not do; the run throws a PersonaError that names the entry when one can't
 * be matched
 */
export function forbid(what: readonly string[] | Persona | 'persona', options: ForbidOptions = {}): Step {
  const entries = what === 'persona' ? what : entriesOf(what);
  const plan = planOf(options);
  let loaded: GuardedCalls | undefined;
  const load = async (): Promise<GuardedCalls> => {
    const { GuardedCalls } = await import('./guarded-calls.ts');
    return (loaded ??= new GuardedCalls(entries, plan));
  };
  return {
    name: 'forbid',
    stage: 'call',
    labels: { forbid: plan.action },
    wrap: (next) => {
      if (entries.length === 0) return next;
      return (request, context) =>
        // Who speaks is compiled with the first pull: what is wrong with it fails the run, and not the step in front.
        loaded === undefined || entries === 'persona'
          ? defer(async () => (await load()).generate(next, request, context))
          : loaded.generate(next, request, context);
    },
  };
}

function entriesOf(what: unknown): readonly string[] {
  const entries = Array.isArray(what) ? (what as unknown[]) : (what as Partial<Persona> | undefined)?.forbid;
  if (what !== null && typeof what === 'object' && entries === undefined) return [];
  if (Array.isArray(entries) && entries.every((entry) => typeof entry === 'string' && entry.trim() !== ''))
    return [...entries] as string[];
  throw invalid(
    `forbid() takes a list of terms that are not empty, a persona, or 'persona' for the one that speaks: forbid(['synergy', 'class:email']).`,
  );
}

function planOf(options: ForbidOptions): ForbidPlan {
  const { action = 'mask', mask = '███', holdLimit = 256, reasoning = true, input = true } = options;
  if (!ACTIONS.has(action)) throw invalid("action must be 'report', 'mask', 'stop' or 'retry'.");
  if (!(holdLimit >= 16 && holdLimit <= 65_536)) throw invalid('holdLimit must be 16 to 65536 characters.');
  if (typeof mask !== 'string' || mask === '') throw invalid('mask must be a text that is not empty.');
  return { action, mask, holdLimit, reasoning, input };
}

function invalid(message: string): KatamariError {
  return new KatamariError('invalid-input', message);
}
