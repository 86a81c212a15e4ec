import type { Persona } from '../persona/persona.ts';

/** What the list says of a persona. */
export function summaryOf(id: string, persona: Persona) {
  return { id, name: persona.name };
}
