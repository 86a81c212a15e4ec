import { isWord } from './class-escape.ts';
import type { Nfa } from './nfa.ts';
import type { Assertion } from './pattern.ts';

/** Told of every match: the entry, and where it begins and ends in the text. */
export type Report = (start: number, end: number, entry: number) => void;

/** A character of the text, folded and as it stands, and its place; `before` is the unit before it, or −1. */
export interface Char {
  readonly unit: number;
  readonly raw: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Walks an automaton along a text, all ways at once: the work for a character is bounded by the number of states, whatever the patterns and
 * the text are. Of several beginnings that have come to the same state only the earliest is kept, since all else about them is the same.
 */
export class NfaRun {
  readonly #nfa: Nfa;
  readonly #limit: number;
  readonly #report: Report;
  /** States that wait for a character, by where their match began, earliest first. */
  #waiting: number[] = [];
  #begun: number[] = [];
  /** What is left of them once all that must hold between two characters has been looked at. */
  #ready: number[] = [];
  #readyBegun: number[] = [];
  readonly #mark: Int32Array;
  #round = 0;
  /** The unit before, and where it ends. */
  #before = -1;
  #beforeEnd = 0;
  /** States looked at since the beginning, as a measure of the work done. */
  steps = 0;

  /** @param limit - how long a match may be held before it counts as one, in UTF-16 units of the text */
  constructor(nfa: Nfa, limit: number, report: Report) {
    this.#nfa = nfa;
    this.#limit = limit;
    this.#report = report;
    this.#mark = new Int32Array(nfa.states.length);
  }

  /** Where the earliest match begins that may still come about; `Infinity` where there is none. */
  get earliest(): number {
    return this.#begun[0] ?? Infinity;
  }

  /** Tells what stood before the next character, when characters were passed over. */
  passOver(unit: number, end: number): void {
    this.#before = unit;
    this.#beforeEnd = end;
  }

  step(char: Char): void {
    if (this.#waiting.length > 0 || this.#nfa.mayBegin(char.unit, char.raw)) this.#takeOn(char);
    this.#before = char.unit;
    this.#beforeEnd = char.end;
  }

  /** Where the earliest match would begin that a character would leave alive or complete. Changes nothing. */
  earliestAfter(char: Char): number {
    this.#open(char, false);
    const index = this.#ready.findIndex((id) => {
      const state = this.#nfa.states[id];
      return state?.type === 'set' && state.set.has(char.unit, char.raw);
    });
    return this.#readyBegun[index] ?? Infinity;
  }

  /** Reports the matches that are whole if the text ends here. Changes nothing. */
  atEnd(): void {
    this.#open(undefined, true);
  }

  #takeOn(char: Char): void {
    this.#open(char, true);
    const waiting: number[] = [];
    const begun: number[] = [];
    this.#round++;
    this.#ready.forEach((id, index) => {
      const state = this.#nfa.states[id];
      const start = this.#readyBegun[index] ?? 0;
      this.steps++;
      if (state?.type !== 'set' || !state.set.has(char.unit, char.raw)) return;
      for (const next of this.#nfa.closure(state.next)) {
        if (this.#mark[next] === this.#round) continue;
        this.#mark[next] = this.#round;
        this.steps++;
        const reached = this.#nfa.states[next];
        if (reached?.type === 'accept') this.#report(start, char.end, reached.entry);
        else {
          waiting.push(next);
          begun.push(start);
        }
      }
    });
    this.#waiting = waiting;
    this.#begun = begun;
    // What is this long counts as a match for as long as it may become one.
    if (char.end - this.earliest >= this.#limit) this.#report(this.earliest, char.end, -1);
  }

  /** Looks at what must hold between the character before and the next one; without one, the text ends. */
  #open(char: Char | undefined, reports: boolean): void {
    this.#ready = [];
    this.#readyBegun = [];
    this.#round++;
    this.#waiting.forEach((id, index) => {
      this.#resolve(id, this.#begun[index] ?? 0, char, reports);
    });
    if (char === undefined || !this.#nfa.mayBegin(char.unit, char.raw)) return;
    for (const id of this.#nfa.starts()) this.#resolve(id, char.start, char, reports);
  }

  #resolve(id: number, start: number, char: Char | undefined, reports: boolean): void {
    const state = this.#nfa.states[id];
    if (state === undefined || this.#mark[id] === this.#round) return;
    this.#mark[id] = this.#round;
    this.steps++;
    if (state.type === 'set') {
      this.#ready.push(id);
      this.#readyBegun.push(start);
    } else if (state.type === 'accept') {
      if (reports && start < this.#beforeEnd) this.#report(start, this.#beforeEnd, state.entry);
    } else if (state.type === 'assert' && holds(state.assertion, this.#before, char?.unit ?? -1)) {
      for (const next of this.#nfa.closure(state.next)) this.#resolve(next, start, char, reports);
    }
  }
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'word-edge':
      return isWord(before) !== isWord(after);
    case 'no-word-edge':
      return isWord(before) === isWord(after);
    case 'text-start':
      return before === -1;
    case 'text-end':
      return after === -1;
    case 'line-start':
      return before === -1 || isLineEnd(before);
    case 'line-end':
      return after === -1 || isLineEnd(after);
  }
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029;
}
