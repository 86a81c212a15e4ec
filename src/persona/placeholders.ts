import { fieldOf, type PersonaFault, type PersonaPath } from './field-checks.ts';
import { nearestKey } from './nearest-key.ts';
import type { Persona, PersonaValue, PersonaVariant } from './persona.ts';

const PLACEHOLDER = /\{\{\s*(\p{L}[\p{L}\p{N}_]{0,49})\s*\}\}/gu;

/** A text of a persona that placeholders stand in, with its place. */
export type PlacedText = readonly [path: PersonaPath, text: string];

/** All texts that placeholders stand in: of the persona itself, and of its parts that hold under a condition. */
export function textsOf(persona: Persona): PlacedText[] {
  const { format, rubric = [], when = [] } = persona;
  return [
    ...spokenTexts(persona, []),
    ...(format?.headings ?? []).map((text, at): PlacedText => [['format', 'headings', at], text]),
    ...rubric.map((text, at): PlacedText => [['rubric', at], text]),
    ...when.flatMap((part, at) => spokenTexts(part, ['when', at])),
  ];
}

function spokenTexts(part: Persona | PersonaVariant, path: PersonaPath): PlacedText[] {
  const { style, notes, examples = [] } = part;
  return [
    ...(style === undefined ? [] : [[[...path, 'style'], style] as const]),
    ...(notes === undefined ? [] : [[[...path, 'notes'], notes] as const]),
    ...examples.flatMap(({ user, assistant }, at): PlacedText[] => [
      [[...path, 'examples', at, 'user'], user],
      [[...path, 'examples', at, 'assistant'], assistant],
    ]),
  ];
}

/** The names of the variables that a text asks for. */
export function placeholdersIn(text: string): string[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name);
}

/**
 * The text with values in their places, in one pass: what looks like a placeholder in a value stays as it is. A text becomes one line, since a
 * line of its own could pass for the persona's. What has no value stays.
 */
export function fillIn(text: string, values: ReadonlyMap<string, PersonaValue>): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => {
    const value = values.get(name);
    return value === undefined
      ? whole
      : String(value)
          .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
          .trim();
  });
}

/**
 * The first place that asks for a variable which there is not. A persona without `variables` may hold braces as plain text, and of one that
 * extends another not all variables are known.
 */
export function placeholderFault(persona: Persona): PersonaFault | undefined {
  const { variables = {}, when = [] } = persona;
  if (persona.extends !== undefined) return undefined;
  const known = Object.keys(variables);
  const unknown = (names: readonly string[]) => names.find((name) => !known.includes(name));
  for (const [at, part] of when.entries()) {
    const name = unknown(Object.keys(part.if.variables ?? {}));
    if (name !== undefined) return faultAt(['when', at, 'if', 'variables', name], name, known);
  }
  if (persona.variables === undefined) return undefined;
  for (const [path, text] of textsOf(persona)) {
    const name = unknown(placeholdersIn(text));
    if (name !== undefined) return faultAt(path, name, known);
  }
  return undefined;
}

function faultAt(path: PersonaPath, name: string, known: readonly string[]): PersonaFault {
  const near = nearestKey(name, known);
  const hint = near === undefined ? ' Add it to «variables».' : ` Did you mean «${near}»?`;
  return {
    path,
    message: `${fieldOf(path)} asks for the variable «${name}», but there is none of that name.${hint}`,
  };
}
