import {
  line,
  list,
  mapping,
  notText,
  oneOf,
  text,
  tooLong,
  type Check,
  type PersonaFault,
} from './field-checks.ts';
import { fieldOf } from './field-checks.ts';
import { forbidEntryFault } from './forbid-entry.ts';
import { personaLimits, TERM_PATTERN } from './persona-limits.ts';
import type { Persona } from './persona.ts';
import { textLengthOf } from './text-length.ts';

const forbidEntry: Check = (value, path) => {
  const message = entryMessage(fieldOf(path) ?? '', value);
  return message === undefined ? undefined : { path, message };
};

const FIELDS = {
  name: line,
  version: line,
  language: oneOf('en', 'ja'),
  style: text,
  forbid: list(forbidEntry, personaLimits.forbidTerms, 'terms'),
  notes: text,
  rubric: list(line, personaLimits.rubricCriteria, 'criteria'),
} satisfies Record<keyof Persona, Check>;

const whole = mapping(FIELDS, ['name']);

/** The first thing that keeps a value from being a persona, or `undefined`. */
export function findPersonaFault(value: unknown): PersonaFault | undefined {
  return whole(value, []) ?? sizeFault(value as Persona);
}

function sizeFault(persona: Persona): PersonaFault | undefined {
  return textLengthOf(persona) <= personaLimits.textLength
    ? undefined
    : { path: [], message: tooLong('The persona') };
}

function entryMessage(place: string, entry: unknown): string | undefined {
  if (typeof entry !== 'string') return notText(place, entry);
  if (TERM_PATTERN.test(entry)) return forbidEntryFault(entry);
  if (entry.trim() === '') return `${place} is empty. Write a term, or remove the element.`;
  return `${place} must be one line. Write each term as a list element of its own.`;
}
