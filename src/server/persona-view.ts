import { personaHash } from '../persona/persona-hash.ts';
import type { Persona } from '../persona/persona.ts';
import { definedOnly } from './defined-only.ts';

/** What the list says of a persona. */
export function summaryOf(id: string, persona: Persona) {
  const { name, version } = persona;
  return { id, name, ...definedOnly({ version }), hash: personaHash(persona) };
}
