import { termsOf } from '../../text/words.ts';

/** A query of more terms than this is a document; its first ones say what it is about. */
const MAX_TERMS = 64;

/**
 * How many different terms of a query are in the texts that are kept, and how many only in those that are gone. Texts that are gone are only
 * read as words where they hold the beginning of a missing term.
 */
export function termsIn(
  query: string,
  kept: readonly string[],
  gone: readonly string[],
): { kept: number; lost: number } {
  const missing = new Set(termsOf(query).slice(0, MAX_TERMS));
  const asked = missing.size;
  for (const text of kept) strike(missing, text);
  const foundInKept = asked - missing.size;
  for (const text of gone) strike(missing, text);
  return { kept: foundInKept, lost: asked - foundInKept - missing.size };
}

function strike(missing: Set<string>, text: string): void {
  if (missing.size === 0) return;
  const lower = text.normalize('NFKC').toLowerCase();
  // A stem may end in another letter than its word: "happi" for "happy".
  const near = Array.from(missing).some((term) => lower.includes(term.length > 3 ? term.slice(0, -1) : term));
  if (near) for (const term of termsOf(text)) missing.delete(term);
}
