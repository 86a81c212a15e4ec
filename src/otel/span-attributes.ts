import type { Attributes } from '@opentelemetry/api';

/** The persona that a run's labels name. */
export function personaOf(labels: Readonly<Record<string, string>>): Attributes {
  const { persona, persona_hash: hash, persona_version: version } = labels;
  return {
    ...(persona !== undefined && { 'katamari.persona': persona }),
    ...(hash !== undefined && { 'katamari.persona_hash': hash }),
    ...(version !== undefined && { 'katamari.persona_version': version }),
  };
}

/** What was not measured has no attribute. */
export function measured(values: Readonly<Record<string, number | null | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'number'));
}
