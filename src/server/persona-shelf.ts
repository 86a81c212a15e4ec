import { parsePersona } from '../persona/parse-persona.ts';
import type { Persona } from '../persona/persona.ts';
import { HttpFault } from './http-fault.ts';
import type { PersonaSource } from './schemas/persona-source-schema.ts';

/** Personas by id: what `loadPersonas` gives, or a collection that follows its files. Asked at every request. */
export interface PersonaCollection {
  /** The persona, as it is now. */
  get(id: string): Persona | undefined;
  /** The ids there are now. */
  keys(): Iterable<string>;
  /** The text of the persona's file, for who edits it; left out where there are no files. */
  yaml?(id: string): string | undefined;
}

/** Personas by id. */
export type Personas = Readonly<Record<string, Persona>> | PersonaCollection;

/** The personas of a server, and those that requests bring along. */
export class PersonaShelf {
  readonly #collection: PersonaCollection;

  constructor(personas: Personas) {
    this.#collection = isCollection(personas) ? personas : new Map(Object.entries(personas));
  }

  get ids(): readonly string[] {
    return [...this.#collection.keys()];
  }

  /** @throws HttpFault 404 */
  get(id: string): Persona {
    const persona = this.#collection.get(id);
    if (persona !== undefined) return persona;
    throw new HttpFault(
      404,
      'not-found',
      'There is no such persona. GET /v1/personas lists those there are.',
    );
  }

  /** The text of the persona's file, where there is one. */
  yaml(id: string): string | undefined {
    return this.#collection.yaml?.(id);
  }

  /**
   * The persona a request asks for.
   *
   * @throws HttpFault 404 for an unknown id, 400 for one that came along and names models; PersonaError for one that is none
   */
  resolve(source: PersonaSource): Persona {
    if (typeof source === 'string') return this.get(source);
    const persona = parsePersona(isYaml(source) ? source.yaml : source);
    // It would go past what the chain lets a request choose.
    if (namesModels(persona))
      throw new HttpFault(
        400,
        'invalid-input',
        'persona: may not name models when it comes along. Say model in the request.',
      );
    return persona;
  }
}

function namesModels({ model, when = [] }: Persona): boolean {
  return model !== undefined || when.some((part) => part.model !== undefined);
}

function isYaml(source: object): source is { yaml: string } {
  return 'yaml' in source && typeof source.yaml === 'string' && !('name' in source);
}

function isCollection(personas: Personas): personas is PersonaCollection {
  return typeof personas['get'] === 'function' && typeof personas['keys'] === 'function';
}
