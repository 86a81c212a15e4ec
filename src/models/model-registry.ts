import type { ModelEntry } from './model-entry.ts';
import { leadsTo, namesOf, routesOf } from './model-names.ts';

/** Longer names are nobody's, and would only cost time: cutting one at every slash is quadratic. */
const LONGEST_NAME = 500;

/** What is known of models, by id. Immutable: {@link ModelRegistry.with} makes another. */
export class ModelRegistry {
  /** All entries, in the order they were given. */
  readonly entries: readonly ModelEntry[];
  #index: ReadonlyMap<string, ModelEntry> | undefined;

  /**
   * @param entries - of two with one id `find` gives the later; check foreign data with `modelEntrySchema` first. @defaultValue none
   */
  constructor(entries: readonly ModelEntry[] = []) {
    this.entries = Object.freeze([...entries]);
  }

  /**
   * The entry of a model, by its id or by a name that says the same model: an alias (`gpt-35-turbo`), a vendor's or a gateway's prefix
   * (`openai/…`, `models/…`, `openrouter/anthropic/…`), a day or `-latest` at the end, a route such as `:free`.
   *
   * Never a relative: `gpt-4o-mini` is not `gpt-4o`, and an open-weight model at a host that is not listed is `undefined`, since hosts
   * differ in prices and windows.
   */
  find(id: string): ModelEntry | undefined {
    if (id.length > LONGEST_NAME) return undefined;
    const found = this.#named(id);
    if (found !== undefined) return found;
    for (const [prefix, rest] of routesOf(id)) {
      const entry = this.#named(rest);
      if (entry !== undefined && leadsTo(entry.provider, prefix)) return entry;
    }
    return undefined;
  }

  /** This registry and more: an entry with an id that is here already takes its place. */
  with(entries: readonly ModelEntry[]): ModelRegistry {
    const byId = new Map([...this.entries, ...entries].map((entry) => [entry.id, entry]));
    return new ModelRegistry([...byId.values()]);
  }

  #named(id: string): ModelEntry | undefined {
    this.#index ??= indexOf(this.entries);
    for (const name of namesOf(id)) {
      const entry = this.#index.get(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }
}

/** An id goes before an alias, a later alias before an earlier one. */
function indexOf(entries: readonly ModelEntry[]): Map<string, ModelEntry> {
  const index = new Map<string, ModelEntry>();
  for (const entry of entries) for (const alias of entry.aliases ?? []) index.set(alias.toLowerCase(), entry);
  for (const entry of entries) index.set(entry.id.toLowerCase(), entry);
  return index;
}
