import { ASCII, keyOf, type DfaState, type LazyDfa, type Transition } from './lazy-dfa.ts';
import { FRESH, type WholeMatch } from './nfa-step.ts';

/** Told of every match: the entry, and where it begins and ends in the text. */
export type Report = (start: number, end: number, entry: number) => void;

/** Walks an automaton along a text: a look-up per character, and the places where the matches under way began. */
export class PatternRun {
  readonly #dfa: LazyDfa;
  readonly #limit: number;
  readonly #report: Report;
  #state: DfaState;
  /** Where the matches of the state began, earliest first; the other list is written next. */
  #begun: number[] = [];
  #spare: number[] = [];
  /** Where the character before ends. */
  #beforeEnd = 0;
  /** States looked at since the beginning, as a measure of the work done. */
  steps = 0;

  /** @param limit - how long a match may be held before it counts as one, in UTF-16 units of the text */
  constructor(dfa: LazyDfa, limit: number, report: Report) {
    this.#dfa = dfa;
    this.#limit = limit;
    this.#report = report;
    this.#state = dfa.idle(-1);
  }

  /** Where the earliest match begins that may still come about; `Infinity` where there is none. */
  get earliest(): number {
    return this.#begun[0] ?? Infinity;
  }

  /** Tells what stood before the next character, when characters were passed over. */
  passOver(unit: number, end: number): void {
    this.#state = this.#dfa.idle(unit);
    this.#beforeEnd = end;
  }

  /** Takes the next character, folded and as it stands, and its place. */
  step(unit: number, raw: number, start: number, end: number): void {
    const transition = this.#transition(unit, raw);
    this.steps += 1 + transition.from.length;
    if (transition.wholeBefore.length > 0) this.#tellBefore(transition.wholeBefore, start);
    for (const [from, entry] of transition.wholeAfter) this.#report(this.#startOf(from, start), end, entry);
    if (!transition.isStill) this.#move(transition.from, start);
    this.#state = transition.to;
    this.#beforeEnd = end;
    // What is this long counts as a match for as long as it may become one.
    const { earliest } = this;
    if (end - earliest >= this.#limit) this.#report(earliest, end, -1);
  }

  /**
   * Takes characters of ASCII from an index on, as long as nothing happens but that matches begin and come to nothing; gives the index of the
   * first that was not taken. As `step` for each of them, and much quicker.
   *
   * @param base - where the text's index 0 stands in the whole
   * @param isTaken - by character: 1 for those that may be taken
   */
  walk(text: string, from: number, to: number, base: number, isTaken: Uint8Array): number {
    let at = from;
    for (; at < to; at++) {
      const code = text.charCodeAt(at);
      if (code >= ASCII || isTaken[code] !== 1) break;
      const transition = this.#state.ascii[code];
      const first = this.#begun[0];
      if (transition?.isQuiet !== true || (first !== undefined && base + at + 1 - first >= this.#limit))
        break;
      if (!transition.isStill) this.#move(transition.from, base + at);
      this.#state = transition.to;
    }
    if (at === from) return at;
    this.#beforeEnd = base + at;
    this.steps += at - from;
    return at;
  }

  /** Where the earliest match would begin that a character at `start` would leave alive or complete. Changes nothing. */
  earliestAfter(unit: number, raw: number, start: number): number {
    const { earliest } = this.#transition(unit, raw);
    return earliest === undefined ? Infinity : this.#startOf(earliest, start);
  }

  /** Reports the matches that are whole if the text ends here. Changes nothing. */
  atEnd(): void {
    this.#tellBefore(this.#dfa.atEnd(this.#state).wholeBefore, Infinity);
  }

  #transition(unit: number, raw: number): Transition {
    const key = keyOf(unit, raw);
    const known = key < ASCII ? this.#state.ascii[key] : this.#state.others.get(key);
    if (known !== undefined) return known;
    const transition = this.#dfa.workOut(this.#state, unit, raw);
    this.steps += transition.work;
    return transition;
  }

  #tellBefore(matches: readonly WholeMatch[], fresh: number): void {
    for (const [from, entry] of matches) {
      const start = this.#startOf(from, fresh);
      if (start < this.#beforeEnd) this.#report(start, this.#beforeEnd, entry);
    }
  }

  #startOf(from: number, fresh: number): number {
    return from === FRESH ? fresh : (this.#begun[from] ?? fresh);
  }

  #move(from: readonly number[], fresh: number): void {
    const begun = this.#spare;
    begun.length = 0;
    for (const source of from) begun.push(this.#startOf(source, fresh));
    this.#spare = this.#begun;
    this.#begun = begun;
  }
}
