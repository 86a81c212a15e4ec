import {
  anyOf,
  fieldOf,
  isPlain,
  line,
  list,
  mapping,
  notText,
  number,
  oneOf,
  recordOf,
  text,
  tooLong,
  type Check,
  type PersonaFault,
} from './field-checks.ts';
import { forbidEntryFault } from './forbid-entry.ts';
import { jsonLengthOf } from './json-length.ts';
import { NAME_PATTERN, personaLimits, TERM_PATTERN, VARIABLE_PATTERN } from './persona-limits.ts';
import type { Persona, PersonaVariable } from './persona.ts';
import { placeholderFault } from './placeholders.ts';

const MAX_ENTRIES = personaLimits.listEntries;

const forbidEntry: Check = (value, path) => {
  const message = entryMessage(fieldOf(path) ?? '', value);
  return message === undefined ? undefined : { path, message };
};

/** A string, a finite number, true or false. */
const scalar: Check = (value, path) => {
  if (typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  return text(value, path);
};

const variableShape = mapping(
  { type: oneOf('string', 'number', 'boolean'), default: scalar, description: text },
  ['type'],
);

const variable: Check = (value, path) => {
  const fault = variableShape(value, path);
  if (fault !== undefined) return fault;
  const { type, default: preset } = value as PersonaVariable;
  if (preset === undefined || typeof preset === type) return undefined;
  return {
    path: [...path, 'default'],
    message: `${fieldOf(path)}.default must be a ${type}, as its type says.`,
  };
};

const jsonSchema: Check = (value, path) => {
  if (isPlain(value) && jsonLengthOf(value) <= personaLimits.textLength) return undefined;
  return {
    path,
    message: `${fieldOf(path)} must be a JSON Schema: a mapping, and nothing in it that JSON can't hold.`,
  };
};

const condition: Check = (value, path) => {
  const fault = mapping({
    language: anyOf(oneOf('en', 'ja')),
    model: anyOf(line),
    provider: anyOf(line),
    hour: anyOf(number(0, 23, true)),
    variables: recordOf(VARIABLE_PATTERN, anyOf(scalar)),
  })(value, path);
  if (fault !== undefined || Object.keys(value as object).length > 0) return fault;
  return {
    path,
    message: `${fieldOf(path)} is empty. Name what it depends on, or move what stands beside it out of «when».`,
  };
};

const examples = list(
  mapping({ user: text, assistant: text }, ['user', 'assistant']),
  MAX_ENTRIES,
  'examples',
);
const model = recordOf(NAME_PATTERN, line);
const count = number(1, 1_000_000, true);
const sampling = mapping({
  temperature: number(0, 2),
  topP: number(0, 1),
  maxOutputTokens: count,
  seed: number(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, true),
});

const FIELDS = {
  schema: oneOf(1),
  name: line,
  version: line,
  language: oneOf('en', 'ja'),
  extends: line,
  style: text,
  forbid: list(forbidEntry, personaLimits.forbidTerms, 'terms'),
  notes: text,
  variables: recordOf(VARIABLE_PATTERN, variable),
  examples,
  format: mapping({
    maxWords: count,
    maxCharacters: count,
    headings: list(line, MAX_ENTRIES, 'headings'),
    json: jsonSchema,
  }),
  when: list(
    mapping({ if: condition, style: text, notes: text, examples, model, sampling }, ['if']),
    MAX_ENTRIES,
    'parts',
  ),
  model,
  sampling,
  rubric: list(line, MAX_ENTRIES, 'criteria'),
} satisfies Record<keyof Persona, Check>;

const whole = mapping(FIELDS, ['name']);

/** The first thing that keeps a value from being a persona, or `undefined`. */
export function findPersonaFault(value: unknown): PersonaFault | undefined {
  return whole(value, []) ?? sizeFault(value) ?? placeholderFault(value as Persona);
}

function sizeFault(value: unknown): PersonaFault | undefined {
  if (jsonLengthOf(value) <= personaLimits.textLength) return undefined;
  return { path: [], message: tooLong('The persona') };
}

function entryMessage(place: string, entry: unknown): string | undefined {
  if (typeof entry !== 'string') return notText(place, entry);
  if (TERM_PATTERN.test(entry)) return forbidEntryFault(entry);
  if (entry.trim() === '') return `${place} is empty. Write a term, or remove the element.`;
  return `${place} must be one line. Write each term as a list element of its own.`;
}
