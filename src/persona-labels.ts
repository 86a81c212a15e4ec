import type { PersonaName } from './event.ts';

/** A persona's name, hash and version under the names they have in events, logs and spans. Nothing for nobody. */
export function personaLabels(
  persona: PersonaName | undefined,
): Partial<Record<'persona' | 'persona_hash' | 'persona_version', string>> {
  if (persona === undefined) return {};
  const { name, hash, version } = persona;
  return { persona: name, persona_hash: hash, ...(version !== undefined && { persona_version: version }) };
}
