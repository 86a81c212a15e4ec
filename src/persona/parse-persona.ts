import { constructFromEvents, CORE_SCHEMA, parseEvents, YAMLException, type Event } from 'js-yaml';

import { PersonaError } from '../errors.ts';
import { codeFrame } from './code-frame.ts';
import { fieldOf, type PersonaFault } from './field-checks.ts';
import { findPersonaFault } from './persona-fault.ts';
import { personaLimits } from './persona-limits.ts';
import { keyAt, lineAndColumn, placeOf, secondDocument } from './persona-places.ts';
import { personaSchema } from './persona-schema.ts';
import type { Persona } from './persona.ts';
import { yamlFaultMessage } from './yaml-fault.ts';

/** Options of {@link parsePersona}. */
export interface ParsePersonaOptions {
  /** The file's name for error messages. @defaultValue errors name no file */
  readonly file?: string;
}

/** A persona needs none; enough for a text that is used again, too few for a bomb. */
const MAX_ALIASES = 100;

/**
 * Reads a persona from YAML text (1.2, core schema), or checks an object. Nothing is guessed: a key without a value, a number where a text
 * belongs or an unknown key is an error. A byte order mark and Windows line ends are no trouble.
 *
 * @param source - a string is YAML text, anything else should be a persona already
 * @returns a new object with the known keys only
 * @throws PersonaError with the field and what is expected there; for YAML text also with the line and column, from 1
 */
export function parsePersona(source: unknown, options: ParsePersonaOptions = {}): Persona {
  if (typeof source === 'string') return new PersonaText(source, options.file).persona;
  return validPersona(
    source,
    (fault) => new PersonaError(fault.message, { ...options, field: fieldOf(fault.path) }),
  );
}

/** @internal A persona file's text: knows where what stands, for errors. */
export class PersonaText {
  readonly #source: string;
  readonly #file: string | undefined;
  #events: readonly Event[] = [];
  /** The persona in the text, as it stands there: what it extends has not been read. */
  readonly persona: Persona;

  /** @throws PersonaError as {@link parsePersona} does */
  constructor(source: string, file: string | undefined) {
    this.#source = source.replace(/^\uFEFF/, '');
    this.#file = file;
    this.#checkSize();
    const value = this.#construct();
    this.persona = validPersona(value, (fault) =>
      this.#error(fault.message, this.#placeOf(fault), fieldOf(fault.path)),
    );
  }

  /** An error about a key of the persona, with its place. */
  errorAt(key: string, message: string, cause?: unknown): PersonaError {
    return this.#error(message, this.#placeOf({ path: [key], message }), key, cause);
  }

  #checkSize(): void {
    const source = this.#source;
    if (source.length * 3 <= personaLimits.fileBytes) return;
    const bytes =
      source.length > personaLimits.fileBytes ? source.length : new TextEncoder().encode(source).length;
    if (bytes <= personaLimits.fileBytes) return;
    throw this.#error(
      `The file is too large: a persona may have ${personaLimits.fileBytes} bytes.`,
      undefined,
    );
  }

  #construct(): unknown {
    const source = this.#source;
    const naming = this.#file === undefined ? {} : { filename: this.#file };
    try {
      const events = parseEvents(source, naming);
      this.#events = events;
      const second = secondDocument(events, source);
      if (second !== undefined) {
        throw this.#error('A second document begins here. Write one persona per file.', second);
      }
      return constructFromEvents(events, {
        source,
        schema: CORE_SCHEMA,
        maxAliases: MAX_ALIASES,
        ...naming,
      })[0];
    } catch (error) {
      throw error instanceof PersonaError ? error : this.#yamlError(error);
    }
  }

  #yamlError(error: unknown): PersonaError {
    if (!(error instanceof YAMLException))
      return this.#error('This is not valid YAML.', undefined, undefined, error);
    const { reason, mark } = error;
    const tab = this.#tabBefore(mark?.position ?? 0);
    if (tab !== undefined)
      return this.#error(yamlFaultMessage('tab characters in front of a key'), tab, undefined, error);
    // The parser's place of an alias is behind its star.
    const offset = mark && (/alias/.test(reason) ? mark.position - 1 : mark.position);
    const key = offset === undefined ? undefined : keyAt(this.#events, this.#source, offset);
    return this.#error(
      yamlFaultMessage(reason),
      offset,
      key === undefined ? undefined : fieldOf([key]),
      error,
    );
  }

  /** The parser complains of a tab in front of a key only after the key: the tab is the better place. */
  #tabBefore(position: number): number | undefined {
    const lineStart = this.#source.lastIndexOf('\n', position - 1) + 1;
    const tab = /^ *\t/.exec(this.#source.slice(lineStart, position));
    return tab === null ? undefined : lineStart + tab[0].length - 1;
  }

  #placeOf({ path, isKey }: PersonaFault): number {
    return placeOf(this.#events, this.#source, path, isKey);
  }

  #error(message: string, offset: number | undefined, field?: string, cause?: unknown): PersonaError {
    const place =
      offset === undefined
        ? {}
        : { ...lineAndColumn(this.#source, offset), frame: codeFrame(this.#source, offset) };
    return new PersonaError(message, { file: this.#file, ...place, field }, { cause });
  }
}

/** The fault says what is wrong, so that files and steps say the same; the schema has the last word. */
function validPersona(value: unknown, toError: (fault: PersonaFault) => PersonaError): Persona {
  const fault = findPersonaFault(value);
  if (fault !== undefined) throw toError(fault);
  const result = personaSchema.safeParse(value);
  if (!result.success) throw toError({ path: [], message: 'This is not a persona.' });
  // Without the keys that are undefined.
  return JSON.parse(JSON.stringify(result.data)) as Persona;
}
