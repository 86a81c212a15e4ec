import { defer } from '../defer.ts';
import { PersonaError } from '../errors.ts';
import { personaLabels } from '../persona-labels.ts';
import type { Step } from '../step.ts';
import { fieldOf } from './field-checks.ts';
import { findPersonaFault } from './persona-fault.ts';
import { personaHash } from './persona-hash.ts';
import type { PersonaStepOptions } from './persona-step-options.ts';
import type { Persona } from './persona.ts';

/**
 * A step that lets the model speak as a persona: its prompt becomes a system message in front of the conversation. System messages of the
 * caller stay as they are; a prompt that stands there already is not put in twice. What `findPersonaIssues` finds is told in `issue`
 * events at every run. Steps behind it find who speaks in `context.persona`.
 *
 * The persona is read here and once: what is done to the object afterwards changes nothing. What compiles it is loaded with the first run.
 *
 * @throws PersonaError when the value is no persona, naming the field and what is expected there
 */
export function persona(persona: Persona, options: PersonaStepOptions = {}): Step {
  checkPersona(persona, options.position);
  const own = structuredClone(persona);
  const hash = personaHash(own);
  const load = async () => new (await import('./apply-persona.ts')).AppliedPersona(own, hash, options);
  let loading: ReturnType<typeof load> | undefined;
  return {
    name: 'persona',
    stage: 'prompt',
    labels: personaLabels({ ...own, hash }),
    wrap: (next) => (request, context) =>
      defer(async () => {
        const { req_id, clock, emit } = context;
        const startedAt = clock.now();
        emit({ type: 'step-start', req_id, step: 'persona' });
        const applied = await (loading ??= load());
        const rewritten = applied.apply(request, context);
        emit({ type: 'step-end', req_id, step: 'persona', latency_ms: clock.now() - startedAt });
        return next(...rewritten);
      }),
  };
}

function checkPersona(value: unknown, position: unknown): void {
  const fault = findPersonaFault(value);
  if (fault !== undefined) throw new PersonaError(fault.message, { field: fieldOf(fault.path) });
  if (position !== undefined && position !== 'first' && position !== 'after-system') {
    throw new PersonaError("position must be 'first' or 'after-system'.", { field: 'position' });
  }
}
