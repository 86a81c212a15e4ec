import type { Prethought } from '../event.ts';

/** One of the four things that a request is read for. */
export type Kind = keyof Prethought;

export const KINDS: readonly Kind[] = ['purpose', 'constraints', 'viewpoint', 'expectations'];

/** So many entries of a kind are kept, each of so many UTF-16 units at most: a request may be a book. */
const MAX_ENTRIES = 8;
const MAX_CHARS = 300;

/** Collects entries, each once. */
export class ThoughtDraft {
  readonly #entries = new Map<Kind, Set<string>>();

  has(kind: Kind): boolean {
    return (this.#entries.get(kind)?.size ?? 0) > 0;
  }

  add(kind: Kind, text: string): void {
    const entry = text.replaceAll(/\s+/g, ' ').trim();
    const entries = this.#entries.get(kind) ?? new Set();
    this.#entries.set(kind, entries);
    if (entry === '' || entries.size >= MAX_ENTRIES) return;
    entries.add(entry.length > MAX_CHARS ? `${entry.slice(0, MAX_CHARS)}…` : entry);
  }

  get thought(): Prethought {
    const [purpose = [], constraints = [], viewpoint = [], expectations = []] = KINDS.map((kind) => [
      ...(this.#entries.get(kind) ?? []),
    ]);
    return { purpose, constraints, viewpoint, expectations };
  }
}

/** Whether nothing was found. */
export function isEmpty(thought: Prethought): boolean {
  return KINDS.every((kind) => thought[kind].length === 0);
}
