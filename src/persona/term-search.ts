/** The edge of a node for a UTF-16 code unit, as one number: nodes stay below 2^21, so this is exact. */
const UNITS = 0x10000;

/**
 * Finds many terms in a text in one pass (Aho and Corasick 1975): linear in terms and text, whatever is in them, so that a hundred
 * thousand terms cost a moment and not minutes. Compares code units: fold both sides first.
 */
export class TermSearch {
  readonly #edges = new Map<number, number>();
  readonly #depth: number[] = [0];
  /** The term that ends at a node, or −1. Of equal terms, the first. */
  readonly #term: number[] = [-1];
  /** The node of the longest ending of a node's text that also begins a term. */
  readonly #fallback: number[] = [0];
  /** The nearest node on the way of fallbacks where a shorter term ends, or 0. */
  readonly #shorter: number[] = [0];

  /** Empty terms are never found. */
  constructor(terms: readonly string[]) {
    terms.forEach((term, index) => {
      this.#add(term, index);
    });
    this.#link();
  }

  /** The indices of the terms that a text holds, each once, in the order in which they end. */
  termsIn(text: string): number[] {
    const found = new Set<number>();
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      node = this.#step(node, text.charCodeAt(at));
      // Once a node's terms are found, so are those behind it: each is visited once, which keeps this linear.
      for (let end = node; end !== 0; end = this.#shorter[end] ?? 0) {
        const term = this.#term[end] ?? -1;
        if (term !== -1 && found.has(term)) break;
        if (term !== -1) found.add(term);
      }
    }
    return [...found];
  }

  /** The index of a shorter term that a text holds, or `undefined`. */
  shorterTermIn(text: string): number | undefined {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      node = this.#step(node, text.charCodeAt(at));
      const whole = (this.#term[node] ?? -1) === -1 || this.#depth[node] === text.length;
      const end = whole ? (this.#shorter[node] ?? 0) : node;
      if (end !== 0) return this.#term[end];
    }
    return undefined;
  }

  #add(term: string, index: number): void {
    if (term === '') return;
    let node = 0;
    for (let at = 0; at < term.length; at++) {
      const edge = node * UNITS + term.charCodeAt(at);
      let next = this.#edges.get(edge);
      if (next === undefined) {
        next = this.#term.push(-1) - 1;
        this.#depth.push(at + 1);
        this.#fallback.push(0);
        this.#shorter.push(0);
        this.#edges.set(edge, next);
      }
      node = next;
    }
    if (this.#term[node] === -1) this.#term[node] = index;
  }

  /** Links nodes breadth first, since a fallback is always less deep. */
  #link(): void {
    const edges = [...this.#edges].toSorted(([, a], [, b]) => (this.#depth[a] ?? 0) - (this.#depth[b] ?? 0));
    for (const [edge, node] of edges) {
      const parent = Math.floor(edge / UNITS);
      const fallback = parent === 0 ? 0 : this.#step(this.#fallback[parent] ?? 0, edge % UNITS);
      this.#fallback[node] = fallback;
      this.#shorter[node] = this.#term[fallback] === -1 ? (this.#shorter[fallback] ?? 0) : fallback;
    }
  }

  #step(from: number, unit: number): number {
    let node = from;
    for (;;) {
      const next = this.#edges.get(node * UNITS + unit);
      if (next !== undefined) return next;
      if (node === 0) return 0;
      node = this.#fallback[node] ?? 0;
    }
  }
}
