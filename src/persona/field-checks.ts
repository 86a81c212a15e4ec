import { nearestKey } from './nearest-key.ts';
import { NAME_PATTERN, personaLimits } from './persona-limits.ts';

/** A place in a persona: keys and indices, from the outside in; nothing for the whole. */
export type PersonaPath = readonly (string | number)[];

/** What is wrong with a value that should be a persona. */
export interface PersonaFault {
  readonly path: PersonaPath;
  /** What is expected there. */
  readonly message: string;
  /** True where the key is wrong and not its value. */
  readonly isKey?: boolean;
}

/** Says what is wrong with a value, or nothing. Written by hand, since the step must not load zod, not even late: it is ten times as large. */
export type Check = (value: unknown, path: PersonaPath) => PersonaFault | undefined;

/** A place as it is written in errors, for example `forbid[2]` or `examples[0].user`. */
export function fieldOf(path: PersonaPath): string | undefined {
  if (path.length === 0) return undefined;
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${brief(part)}`));
  return parts.join('').replace(/^\./, '');
}

/** A mapping of these keys; `undefined` is left out. */
export function mapping(fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const keys = Object.keys(fields);
  return (value, path) => {
    const has = `${fieldOf(path) ?? 'A persona'} has ${listed(keys, 'and')}`;
    if (!isObject(value)) return { path, message: notMapping(value, path, has) };
    // Inherited keys count, as they do in the schema: a persona is plain data.
    for (const key in value) {
      if (keys.includes(key)) continue;
      const near = nearestKey(key, keys);
      const hint = near === undefined ? '' : ` Did you mean «${near}»?`;
      return { path: [...path, key], message: `Unknown key «${brief(key)}». ${has}.${hint}`, isKey: true };
    }
    for (const [key, check] of Object.entries(fields)) {
      const at = [...path, key];
      const inner = value[key];
      const fault = inner === undefined ? missing(at, required.includes(key)) : check(inner, at);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** A list of at most so many elements, which go by that word. */
export function list(check: Check, max: number, word: string): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return { path, message: notList(value, fieldOf(path) ?? '', word) };
    if (value.length > max) {
      const message = `${fieldOf(path)} has ${value.length} ${word}; at most ${max} are allowed.`;
      return { path, message };
    }
    // Not forEach: it would pass over the holes of a sparse array.
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index], [...path, index]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** One value, or a list of them. */
export function anyOf(check: Check): Check {
  const all = list(check, personaLimits.listEntries, 'values');
  return (value, path) => (Array.isArray(value) ? all : check)(value, path);
}

/** A mapping whose keys are the writer's own. */
export function recordOf(pattern: RegExp, check: Check): Check {
  return (value, path) => {
    const field = fieldOf(path);
    if (!isPlain(value))
      return { path, message: `${field} must be a mapping («name: …»), not ${kindOf(value)}.` };
    const keys = Object.keys(value);
    if (keys.length > personaLimits.listEntries) {
      return {
        path,
        message: `${field} has ${keys.length} entries; at most ${personaLimits.listEntries} are allowed.`,
      };
    }
    for (const key of keys) {
      const at = [...path, key];
      if (!pattern.test(key)) {
        const message = `«${brief(key)}» is no name for an entry of ${field}: it needs a letter, then letters, digits or _, at most 50.`;
        return { path: at, message, isKey: true };
      }
      const fault = check(value[key], at);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** A number, both ends included. */
export function number(min: number, max: number, isWhole = false): Check {
  return (value, path) => {
    const fits = isWhole ? Number.isInteger(value) : typeof value === 'number';
    if (fits && (value as number) >= min && (value as number) <= max) return undefined;
    return {
      path,
      message: `${fieldOf(path)} must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}.`,
    };
  };
}

/** Any number of lines. */
export const text: Check = (value, path) => {
  if (typeof value !== 'string') return { path, message: notText(fieldOf(path) ?? '', value) };
  return value.length <= personaLimits.textLength
    ? undefined
    : { path, message: tooLong(fieldOf(path) ?? '') };
};

/** One short line, which may stand in events and logs. */
export const line: Check = (value, path) => {
  const field = fieldOf(path) ?? '';
  if (typeof value !== 'string') return { path, message: notText(field, value) };
  if (NAME_PATTERN.test(value)) return undefined;
  if (value.trim() === '')
    return { path, message: `${field} is empty. Write «${field}: …» with one line of text.` };
  const rule = `must be one line of at most ${personaLimits.nameCharacters} characters, without control characters.`;
  return { path, message: `${field} ${rule}` };
};

/** One of these. */
export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, path) => {
    if (values.includes(value as string)) return undefined;
    return { path, message: `${fieldOf(path)} must be ${listed(values.map(String), 'or')}.` };
  };
}

export function tooLong(what: string): string {
  return `${what} is too long: all texts of a persona together may have ${personaLimits.textLength} characters.`;
}

export function notText(place: string, value: unknown): string {
  if (value === null || value === undefined) return `${place} is empty. Write a text, or leave it out.`;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return `${place} must be a text, but YAML reads ${String(value)} as a ${typeof value}. Quote it: "${String(value)}"`;
  }
  return `${place} must be a text, not ${kindOf(value)}. Put a text that holds «: » or begins with [ or { in quotes.`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mapping and not an instance of something, also one from another realm. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function missing(path: PersonaPath, isRequired: boolean): PersonaFault | undefined {
  const [field, key] = [fieldOf(path), path.at(-1)];
  return isRequired ? { path, message: `${field} is missing. Write «${key}: …».` } : undefined;
}

function notMapping(value: unknown, path: PersonaPath, has: string): string {
  if (path.length > 0) {
    return value === null
      ? `${fieldOf(path)} is empty. ${has}.`
      : `${has}, as a mapping and not as ${kindOf(value)}.`;
  }
  if (Array.isArray(value)) return `${has}, as a mapping and not as a list: remove the «-» in front.`;
  if (value === null || value === undefined)
    return `There is no persona here. ${has}; write at least «name: …».`;
  return `${has}, as a mapping («name: …»), but this is ${kindOf(value)}. To read a file, use loadPersona(path).`;
}

function notList(value: unknown, field: string, word: string): string {
  const must = `${field} must be a list of ${word}`;
  if (typeof value === 'string')
    return `${must}, not a text. Write ${field}: [${JSON.stringify(brief(value))}]`;
  if (value === null) return `${field} is empty. Write a list of ${word}, or leave the line out.`;
  return `${must}. Write ${field}: ["…", "…"]`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function listed(words: readonly string[], last: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** A text for a message: one line, not long. */
function brief(text: string): string {
  const line = text.slice(0, 60).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return text.length > 60 ? `${line}…` : line;
}
