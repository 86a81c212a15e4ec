/** What a model, provider, chain or step may be called in a label: no blank, nothing that looks like a sentence, at most 100 characters. */
const plainName = /^[\p{L}\p{N}][\p{L}\p{N}._:/@+-]{0,99}$/u;

/**
 * Keeps the values of a label few. Names of `known` are always kept; of all others the first `limit`, each as it first comes; the rest, and
 * what is no plain name, is `other`. Names come from requests, and every new one is a series that Prometheus keeps.
 */
export function boundedNames(limit: number, known: readonly string[] = []): (name: string) => string {
  const kept = new Set<string>(known);
  const size = kept.size + limit;
  return (name) => {
    if (kept.has(name)) return name;
    if (kept.size >= size || !plainName.test(name)) return 'other';
    kept.add(name);
    return name;
  };
}
