/** The edge of a node for a code point, as one number: nodes stay below 2^21, so this is exact. */
const POINTS = 0x110000;

/**
 * Finds many terms in a text in one pass (Aho and Corasick 1975): linear in terms and text, whatever is in them, so that a hundred
 * thousand terms cost a moment and not minutes. Compares code points: fold both sides first. A whole text is searched by `termsIn`, one that
 * arrives piece by piece by `next`, from node 0 on.
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
  /** Whether a longer term goes on from a node; then the nearest such node on the way of fallbacks, itself included. */
  readonly #goesOn: boolean[] = [false];
  readonly #open: number[] = [0];
  /** Edges looked up by `next` since the beginning, as a measure of the work done. */
  steps = 0;

  /** Empty terms are never found. */
  constructor(terms: readonly string[]) {
    terms.forEach((term, index) => {
      this.#add(term, index);
    });
    this.#link();
    this.steps = 0;
  }

  /** The indices of the terms that a text holds, each once, in the order in which they end. */
  termsIn(text: string): number[] {
    const found = new Set<number>();
    let node = 0;
    for (const char of text) {
      node = this.next(node, char.codePointAt(0) ?? 0);
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
    const length = lengthOf(text);
    let node = 0;
    for (const char of text) {
      node = this.next(node, char.codePointAt(0) ?? 0);
      const whole = (this.#term[node] ?? -1) === -1 || this.#depth[node] === length;
      const end = whole ? (this.#shorter[node] ?? 0) : node;
      if (end !== 0) return this.#term[end];
    }
    return undefined;
  }

  /** Where a code point leads from a node. */
  next(from: number, point: number): number {
    let node = from;
    for (;;) {
      this.steps++;
      const next = this.#edges.get(node * POINTS + point);
      if (next !== undefined) return next;
      if (node === 0) return 0;
      node = this.#fallback[node] ?? 0;
    }
  }

  /** The node to go on from: without regard to terms that are whole and begin no longer one. */
  open(node: number): number {
    return this.#open[node] ?? 0;
  }

  /** How many code points lead to a node; of an open one, how many of the last may still become a term. */
  depth(node: number): number {
    return this.#depth[node] ?? 0;
  }

  /** The longest term that ends at a node: its index, and its length in code points. `undefined` where none ends. */
  ending(node: number): { readonly term: number; readonly length: number } | undefined {
    const end = this.#term[node] === -1 ? (this.#shorter[node] ?? 0) : node;
    return end === 0 ? undefined : { term: this.#term[end] ?? 0, length: this.#depth[end] ?? 0 };
  }

  /** Whether a term begins with a code point. */
  begins(point: number): boolean {
    return this.#edges.has(point);
  }

  /** All code points of all terms. */
  points(): Set<number> {
    const points = new Set<number>();
    for (const edge of this.#edges.keys()) points.add(edge % POINTS);
    return points;
  }

  #add(term: string, index: number): void {
    if (term === '') return;
    let node = 0;
    let depth = 0;
    for (const char of term) {
      depth++;
      const edge = node * POINTS + (char.codePointAt(0) ?? 0);
      let next = this.#edges.get(edge);
      if (next === undefined) {
        next = this.#term.push(-1) - 1;
        this.#depth.push(depth);
        this.#fallback.push(0);
        this.#shorter.push(0);
        this.#open.push(0);
        this.#goesOn.push(false);
        this.#goesOn[node] = true;
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
      const parent = Math.floor(edge / POINTS);
      const fallback = parent === 0 ? 0 : this.next(this.#fallback[parent] ?? 0, edge % POINTS);
      this.#fallback[node] = fallback;
      this.#open[node] = this.#goesOn[node] === true ? node : (this.#open[fallback] ?? 0);
      this.#shorter[node] = this.#term[fallback] === -1 ? (this.#shorter[fallback] ?? 0) : fallback;
    }
  }
}

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
