import type { CharSet } from './char-set.ts';
import type { Assertion, Pattern } from './pattern.ts';

/** A state of the automaton: a character to be taken, something that must hold, a fork, or the end of an entry. */
export type State =
  | { readonly type: 'set'; readonly set: CharSet; next: number }
  | { readonly type: 'assert'; readonly assertion: Assertion; next: number }
  | { readonly type: 'fork'; readonly to: number[] }
  | { readonly type: 'accept'; readonly entry: number };

/** All patterns of a guard as one automaton (Thompson 1968), so that a text is read once however many there are. */
export class Nfa {
  readonly states: State[] = [];
  readonly #starts: number[] = [];
  readonly #closures = new Map<number, readonly number[]>();
  readonly #beginnings = new Map<number, boolean>();
  #looksAround = false;

  /** Adds the pattern of an entry. */
  add(pattern: Pattern, entry: number): void {
    this.#starts.push(this.#build(pattern, this.#push({ type: 'accept', entry })));
    this.#closures.clear();
    this.#beginnings.clear();
  }

  get isEmpty(): boolean {
    return this.#starts.length === 0;
  }

  /** The states that are reached without taking a character: none of them is a fork. */
  closure(state: number): readonly number[] {
    let closure = this.#closures.get(state);
    if (closure === undefined) this.#closures.set(state, (closure = this.#close([state])));
    return closure;
  }

  /** Where a match may begin. */
  starts(): readonly number[] {
    let closure = this.#closures.get(-1);
    if (closure === undefined) this.#closures.set(-1, (closure = this.#close(this.#starts)));
    return closure;
  }

  /** Whether a match may begin with a character, whatever stands before it. */
  mayBegin(unit: number, raw: number): boolean {
    const key = unit * 0x110000 + raw;
    let may = this.#beginnings.get(key);
    if (may === undefined) this.#beginnings.set(key, (may = this.#findBeginning(unit, raw)));
    return may;
  }

  /** Whether any state asks for what stands around it. */
  get looksAround(): boolean {
    return this.#looksAround;
  }

  #findBeginning(unit: number, raw: number): boolean {
    const seen = new Set<number>();
    const open = [...this.starts()];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const state = this.states[id];
      if (seen.has(id) || state === undefined) continue;
      seen.add(id);
      if (state.type === 'set' && state.set.has(unit, raw)) return true;
      if (state.type === 'assert') open.push(...this.closure(state.next));
    }
    return false;
  }

  #close(from: readonly number[]): readonly number[] {
    const seen = new Set<number>();
    const closure: number[] = [];
    const open = [...from];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const state = this.states[id];
      if (seen.has(id) || state === undefined) continue;
      seen.add(id);
      if (state.type === 'fork') open.push(...state.to);
      else closure.push(id);
    }
    return closure;
  }

  /** Builds a pattern in front of a state; gives the state it begins with. */
  #build(pattern: Pattern, next: number): number {
    switch (pattern.type) {
      case 'set':
        return this.#push({ type: 'set', set: pattern.set, next });
      case 'assert':
        return this.#push({ type: 'assert', assertion: pattern.assertion, next });
      case 'sequence':
        return pattern.items.reduceRight((after, item) => this.#build(item, after), next);
      case 'choice':
        return this.#push({ type: 'fork', to: pattern.options.map((option) => this.#build(option, next)) });
      case 'repeat':
        return this.#repeat(pattern.item, pattern.min, pattern.max, next);
    }
  }

  /** `x{2,4}` is xx(x(x)?)?, `x{2,}` is xx with a loop behind. */
  #repeat(item: Pattern, min: number, max: number, next: number): number {
    let state = next;
    if (max === Infinity) {
      const fork: State = { type: 'fork', to: [next] };
      state = this.#push(fork);
      fork.to.push(this.#build(item, state));
    } else {
      for (let times = max; times > min; times--) {
        state = this.#push({ type: 'fork', to: [next, this.#build(item, state)] });
      }
    }
    for (let times = min; times > 0; times--) state = this.#build(item, state);
    return state;
  }

  #push(state: State): number {
    if (state.type === 'assert') this.#looksAround = true;
    return this.states.push(state) - 1;
  }
}
