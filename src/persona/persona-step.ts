import { defer } from '../defer.ts';
import { PersonaError } from '../errors.ts';
import { personaLabels } from '../persona-labels.ts';
import type { Step } from '../step.ts';
import { jsonLengthOf } from './json-length.ts';
import { personaHash } from './persona-hash.ts';
import { NAME_PATTERN, personaLimits } from './persona-limits.ts';
import type { PersonaStepOptions } from './persona-step-options.ts';
import type { Persona } from './persona.ts';

/**
 * A step that lets the model speak as a persona: its prompt becomes a system message in front of the conversation. System messages of the
 * caller stay as they are; a prompt that stands there already is not put in twice. What `findPersonaIssues` finds is told in `issue`
 * events at every run. Its examples follow the system messages that the request begins with; model, sampling and response format are its hints
 * where the request says nothing. Steps behind it find who speaks in `context.persona`.
 *
 * The persona is read here and once: what is done to the object afterwards changes nothing. What checks and compiles it is loaded with the first
 * run, which then throws a PersonaError before anything is sent, when a field is not as it should be or a variable has no value or a wrong one.
 *
 * @throws PersonaError when the value is no persona at all: no object with a name, or one that extends another and was not read with it
 */
export function persona(persona: Persona, options: PersonaStepOptions = {}): Step {
  checkOutline(persona, options.position);
  const own = structuredClone(persona);
  const given = structuredClone(options.variables);
  const hash = personaHash(own);
  const load = async () => {
    const { AppliedPersona } = await import('./apply-persona.ts');
    return new AppliedPersona(own, hash, { ...options, ...(given && { variables: given }) });
  };
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

/** As much as what is done here needs; the rest is checked with the first run. */
function checkOutline(value: unknown, position: unknown): void {
  const { name, version, extends: parent } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof name !== 'string' || Array.isArray(value)) {
    const message =
      "This is no persona: { name: '…', style: '…' } is expected. To read a file, use loadPersona(path).";
    throw new PersonaError(message, {
      field: typeof value === 'object' && value !== null ? 'name' : undefined,
    });
  }
  for (const [field, line] of Object.entries({ name, version })) {
    if (line === undefined || (typeof line === 'string' && NAME_PATTERN.test(line))) continue;
    const message = `${field} must be one line of 1 to 100 characters, without control characters.`;
    throw new PersonaError(message, { field });
  }
  if (jsonLengthOf(value) > personaLimits.textLength)
    throw new PersonaError('This is no persona: it is too large, or holds what JSON can’t hold.');
  if (parent !== undefined) {
    const message =
      'What this persona extends has not been read. Read it from its file with loadPersona, or use extendPersona(parent, persona).';
    throw new PersonaError(message, { field: 'extends' });
  }
  if (position !== undefined && position !== 'first' && position !== 'after-system')
    throw new PersonaError("position must be 'first' or 'after-system'.", { field: 'position' });
}
