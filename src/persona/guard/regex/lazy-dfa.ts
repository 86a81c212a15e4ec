import { nfaStep, type NfaStep, type WaitingState } from './nfa-step.ts';
import type { Nfa } from './nfa.ts';
import { surroundingOf, type Surrounding } from './surrounding.ts';

/** A list of states of an automaton that wait for a character, as one state. */
export interface DfaState {
  /** With the index of the match that each belongs to: one match may wait in several states. */
  readonly waiting: readonly WaitingState[];
  /** What stands before the character; always `other` where no pattern asks. */
  readonly before: Surrounding;
  /** Where characters of ASCII lead, as far as it is known, and others, by {@link keyOf}. */
  readonly ascii: (Transition | undefined)[];
  readonly others: Map<number, Transition>;
}

/** What a character does to a state. */
export interface Transition extends Omit<NfaStep, 'waiting'> {
  readonly to: DfaState;
  /** For each match that is under way then, its index before, or `FRESH`. */
  readonly from: readonly number[];
  /** Whether these are the matches that were under way before. */
  readonly isStill: boolean;
  /** Whether no match becomes whole. */
  readonly isQuiet: boolean;
}

/** Above this everything known is forgotten, in numbers that are kept: a few megabytes. Patterns can have more states than any memory holds. */
const MAX_SIZE = 200_000;

/** How many characters ASCII has. */
export const ASCII = 0x80;

/** What a state and a transition take beside their lists. */
const STATE_SIZE = 150;
const TRANSITION_SIZE = 16;

/**
 * An automaton made deterministic along the way (Thompson 1968, Aho et al. 1986 §3.7): what a character does to a list of states is worked out
 * once, and looked up from then on. Shared by all texts.
 */
export class LazyDfa {
  readonly nfa: Nfa;
  readonly #maxSize: number;
  #states = new Map<string, DfaState>();
  #size = 0;

  /** @param maxSize - how much is kept, in numbers */
  constructor(nfa: Nfa, maxSize = MAX_SIZE) {
    this.nfa = nfa;
    this.#maxSize = maxSize;
  }

  /** How much is kept, in numbers. */
  get size(): number {
    return this.#size;
  }

  /** The state in which no match is under way. @param unit - what stands before, or −1 */
  idle(unit: number): DfaState {
    return this.#stateOf([], unit);
  }

  /** Works out where a character leads that is not known yet. */
  workOut(state: DfaState, unit: number, raw: number): Transition {
    if (this.#size > this.#maxSize) this.#forget();
    const { waiting, ...step } = nfaStep(this.nfa, state.waiting, state.before, { unit, raw });
    const { from, grouped } = byMatch(waiting);
    const whole = step.wholeBefore.length + step.wholeAfter.length;
    const isStill =
      from.length === matchesOf(state.waiting) && from.every((source, index) => source === index);
    const to = this.#stateOf(grouped, unit);
    const transition: Transition = { ...step, to, from, isStill, isQuiet: whole === 0 };
    const key = keyOf(unit, raw);
    if (key < ASCII) state.ascii[key] = transition;
    else state.others.set(key, transition);
    this.#size += TRANSITION_SIZE + from.length + 2 * whole;
    return transition;
  }

  /** What would happen if the text ended. */
  atEnd({ waiting, before }: DfaState): NfaStep {
    return nfaStep(this.nfa, waiting, before, undefined);
  }

  #stateOf(waiting: readonly WaitingState[], unit: number): DfaState {
    const before = this.nfa.looksAround ? surroundingOf(unit) : 'other';
    const key = `${before} ${waiting.join(' ')}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      const ascii = Array.from({ length: ASCII }, () => undefined);
      state = { waiting, before, ascii, others: new Map() };
      this.#states.set(key, state);
      this.#size += STATE_SIZE + 4 * waiting.length;
    }
    return state;
  }

  /** A text may stand at a state that is forgotten: it goes on from there, and must not keep the others alive. */
  #forget(): void {
    for (const { ascii, others } of this.#states.values()) {
      ascii.fill(undefined);
      others.clear();
    }
    this.#states = new Map();
    this.#size = 0;
  }
}

/** Numbers the matches anew, in order. Those of one match stand together, since the earliest come first. */
function byMatch(waiting: readonly WaitingState[]) {
  const from: number[] = [];
  const grouped = waiting.map(([id, source]): WaitingState => {
    if (from.length === 0 || from.at(-1) !== source) from.push(source);
    return [id, from.length - 1];
  });
  return { from, grouped };
}

function matchesOf(waiting: readonly WaitingState[]): number {
  return (waiting.at(-1)?.[1] ?? -1) + 1;
}

/** A character, folded and as it stands, as one number; a small one in most cases. */
export function keyOf(unit: number, raw: number): number {
  return unit === raw ? unit : (unit + 1) * 0x110000 + raw;
}
