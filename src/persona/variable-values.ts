import { PersonaError } from '../errors.ts';
import { nearestKey } from './nearest-key.ts';
import { personaLimits } from './persona-limits.ts';
import type { Persona, PersonaValue } from './persona.ts';

/**
 * A value for each of a persona's variables: what was given, else its default.
 *
 * @throws PersonaError for a variable without a value, a value of another type or of more than 10,000 characters, and a value that no
 * variable of the persona is there for
 */
export function variableValues(
  { variables = {} }: Persona,
  given: Readonly<Record<string, PersonaValue>> = {},
): ReadonlyMap<string, PersonaValue> {
  const known = Object.keys(variables);
  for (const name of Object.keys(given)) if (!known.includes(name)) throw unknownError(name, known);
  const values = new Map<string, PersonaValue>();
  for (const [name, { type, default: preset, description }] of Object.entries(variables)) {
    const value: unknown = (Object.hasOwn(given, name) ? given[name] : undefined) ?? preset;
    const what = description === undefined ? '' : ` (${description.trim()})`;
    if (value === undefined)
      throw errorAt(name, `has no value${what}. Give one, a ${type}: variables: { ${name}: … }.`);
    if (typeof value !== type) throw errorAt(name, `must be a ${type}${what}, not a ${typeof value}.`);
    if (typeof value === 'number' && !Number.isFinite(value)) throw errorAt(name, 'must be a finite number.');
    if (typeof value === 'string' && value.length > personaLimits.valueLength)
      throw errorAt(name, `is too long: a value may have ${personaLimits.valueLength} characters.`);
    values.set(name, value as PersonaValue);
  }
  return values;
}

function unknownError(name: string, known: readonly string[]): PersonaError {
  const near = nearestKey(name, known);
  const hint = known.length === 0 ? 'it has no variables' : `it has ${known.join(', ')}`;
  return errorAt(
    name,
    `is none of the persona's: ${hint}.${near === undefined ? '' : ` Did you mean «${near}»?`}`,
  );
}

/** Says nothing of the value itself, which may be a customer's. */
function errorAt(name: string, what: string): PersonaError {
  return new PersonaError(`The variable «${name.slice(0, 60)}» ${what}`, {
    field: `variables.${name.slice(0, 60)}`,
  });
}
