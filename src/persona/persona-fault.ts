import { forbidEntryFault } from './forbid-entry.ts';
import { nearestKey } from './nearest-key.ts';
import { NAME_PATTERN, personaLimits, TERM_PATTERN } from './persona-limits.ts';
import type { Persona } from './persona.ts';
import { textLengthOf } from './text-length.ts';

/** What is wrong with a value that should be a persona. */
export interface PersonaFault {
  /** Where: nothing for the whole, else a key, and for an element of `forbid` its index. */
  readonly path: readonly [] | readonly [key: string] | readonly [key: string, index: number];
  /** What is expected there. */
  readonly message: string;
}

/** The keys of a persona. */
export const PERSONA_KEYS: readonly string[] = ['name', 'style', 'forbid', 'notes'];
const KNOWN = 'A persona has name, style, forbid and notes';

/** The first thing that keeps a value from being a persona, or `undefined`. Written by hand, since the root entry must not load zod. */
export function findPersonaFault(value: unknown): PersonaFault | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { path: [], message: wholeMessage(value) };
  }
  return (
    unknownKeyFault(value) ??
    nameFault(value) ??
    textFault('style', value) ??
    forbidFault(value) ??
    textFault('notes', value) ??
    sizeFault(value as Persona)
  );
}

/** A place as it is written in errors, for example `forbid[2]`. */
export function fieldOf(path: PersonaFault['path']): string | undefined {
  const [key, index] = path;
  if (key === undefined) return undefined;
  return index === undefined ? brief(key) : `${brief(key)}[${index}]`;
}

function wholeMessage(value: unknown): string {
  if (Array.isArray(value)) return `${KNOWN}, as a mapping and not as a list: remove the «-» in front.`;
  if (value === null || value === undefined)
    return `There is no persona here. ${KNOWN}; write at least «name: …».`;
  const found = typeof value === 'string' ? 'a text' : `a ${typeof value}`;
  return `${KNOWN}, as a mapping («name: …»), but this is ${found}. To read a file, use loadPersona(path).`;
}

function unknownKeyFault(value: object): PersonaFault | undefined {
  // Inherited keys count, as they do in the schema: a persona is plain data.
  for (const key in value) {
    if (PERSONA_KEYS.includes(key)) continue;
    const near = nearestKey(key, PERSONA_KEYS);
    const hint = near === undefined ? '' : ` Did you mean «${near}»?`;
    return { path: [key], message: `Unknown key «${brief(key)}». ${KNOWN}.${hint}` };
  }
  return undefined;
}

function nameFault({ name }: { name?: unknown }): PersonaFault | undefined {
  if (name === undefined)
    return { path: ['name'], message: 'name is missing. Write «name: …» with one line of text.' };
  if (typeof name !== 'string') return { path: ['name'], message: notText('name', name) };
  if (NAME_PATTERN.test(name)) return undefined;
  if (name.trim() === '')
    return { path: ['name'], message: 'name is empty. Write «name: …» with one line of text.' };
  const rule = `name must be one line of at most ${personaLimits.nameCharacters} characters, without control characters.`;
  return { path: ['name'], message: rule };
}

function textFault(
  key: 'style' | 'notes',
  value: { style?: unknown; notes?: unknown },
): PersonaFault | undefined {
  const text = value[key];
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return { path: [key], message: notText(key, text) };
  return text.length <= personaLimits.textLength ? undefined : { path: [key], message: tooLong(key) };
}

function forbidFault({ forbid }: { forbid?: unknown }): PersonaFault | undefined {
  if (forbid === undefined) return undefined;
  if (!Array.isArray(forbid)) return { path: ['forbid'], message: notList(forbid) };
  if (forbid.length > personaLimits.forbidTerms) {
    const message = `forbid has ${forbid.length} terms; at most ${personaLimits.forbidTerms} are allowed.`;
    return { path: ['forbid'], message };
  }
  // Not forEach: it would pass over the holes of a sparse array.
  for (let index = 0; index < forbid.length; index++) {
    const term: unknown = forbid[index];
    const message = termMessage(`forbid[${index}]`, term);
    if (message !== undefined) return { path: ['forbid', index], message };
  }
  return undefined;
}

function sizeFault(persona: Persona): PersonaFault | undefined {
  return textLengthOf(persona) <= personaLimits.textLength
    ? undefined
    : { path: [], message: tooLong('The persona') };
}

function tooLong(what: string): string {
  return `${what} is too long: all texts of a persona together may have ${personaLimits.textLength} characters.`;
}

function termMessage(place: string, term: unknown): string | undefined {
  if (typeof term !== 'string') return notText(place, term);
  if (TERM_PATTERN.test(term)) return forbidEntryFault(term);
  if (term.trim() === '') return `${place} is empty. Write a term, or remove the element.`;
  return `${place} must be one line. Write each term as a list element of its own.`;
}

function notList(value: unknown): string {
  if (typeof value === 'string') {
    return `forbid must be a list of terms, not a text. Write forbid: [${JSON.stringify(brief(value))}]`;
  }
  if (value === null) return 'forbid is empty. Write a list of terms, or leave the line out.';
  return 'forbid must be a list of terms. Write forbid: ["…", "…"]';
}

function notText(place: string, value: unknown): string {
  if (value === null || value === undefined) return `${place} is empty. Write a text, or leave it out.`;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return `${place} must be a text, but YAML reads ${String(value)} as a ${typeof value}. Quote it: "${String(value)}"`;
  }
  const found = Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'a mapping'
      : `a ${typeof value}`;
  return `${place} must be a text, not ${found}. Put a text that holds «: » or begins with [ or { in quotes.`;
}

/** A text for a message: one line, not long. */
function brief(text: string): string {
  const line = text.slice(0, 60).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return text.length > 60 ? `${line}…` : line;
}
