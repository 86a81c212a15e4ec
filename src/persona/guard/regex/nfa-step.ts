import type { Nfa } from './nfa.ts';
import { holds, surroundingOf, type Surrounding } from './surrounding.ts';

/** A match that begins with the character itself, and not with one of the states before it. */
export const FRESH = -1;

/** A state that waits for a character, and where its match began: as a number in a list, or {@link FRESH}. */
export type WaitingState = readonly [id: number, from: number];

/** What a character does to states that wait for one, whatever the places are where their matches began. */
export interface NfaStep {
  /** The states that wait for the next character. */
  readonly waiting: readonly WaitingState[];
  /** Matches that were whole before the character, and those that it made whole. */
  readonly wholeBefore: readonly WholeMatch[];
  readonly wholeAfter: readonly WholeMatch[];
  /** Where the earliest match comes from that the character leaves alive or makes whole; `undefined` where there is none. */
  readonly earliest: number | undefined;
  /** States looked at. */
  readonly work: number;
}

/** Where a match comes from, and its entry. */
export type WholeMatch = readonly [from: number, entry: number];

/**
 * Takes states of an automaton along a character, all at once: the work is bounded by the number of states. Of several beginnings that come to
 * the same state only the earliest is kept, since all else about them is the same.
 *
 * @param waiting - by where their matches began, the earliest first, as the result is again
 * @param char - folded and as it stands; without one, the text ends
 */
export function nfaStep(
  nfa: Nfa,
  waiting: readonly WaitingState[],
  before: Surrounding,
  char: { readonly unit: number; readonly raw: number } | undefined,
): NfaStep {
  const opened = openStates(nfa, waiting, before, char);
  const step = { waiting: [] as WaitingState[], wholeAfter: [] as WholeMatch[] };
  const seen = new Set<number>();
  let earliest: number | undefined;
  for (const [id, from] of opened.ready) {
    const state = nfa.states[id];
    if (char === undefined || state?.type !== 'set' || !state.set.has(char.unit, char.raw)) continue;
    earliest ??= from;
    for (const next of nfa.closure(state.next)) {
      if (seen.has(next)) continue;
      seen.add(next);
      const reached = nfa.states[next];
      if (reached?.type === 'accept') step.wholeAfter.push([from, reached.entry]);
      else step.waiting.push([next, from]);
    }
  }
  const { whole: wholeBefore, looked } = opened;
  return { ...step, wholeBefore, earliest, work: looked + opened.ready.length + seen.size };
}

/** Looks at what must hold between the character before and the next one. */
function openStates(
  nfa: Nfa,
  waiting: readonly WaitingState[],
  before: Surrounding,
  char: { readonly unit: number; readonly raw: number } | undefined,
) {
  const after = surroundingOf(char?.unit ?? -1);
  const ready: WaitingState[] = [];
  const whole: WholeMatch[] = [];
  const seen = new Set<number>();
  const open = (id: number, from: number): void => {
    const state = nfa.states[id];
    if (state === undefined || seen.has(id)) return;
    seen.add(id);
    if (state.type === 'set') ready.push([id, from]);
    else if (state.type === 'accept') whole.push([from, state.entry]);
    else if (state.type === 'assert' && holds(state.assertion, before, after))
      for (const next of nfa.closure(state.next)) open(next, from);
  };
  for (const [id, from] of waiting) open(id, from);
  if (char !== undefined && nfa.mayBegin(char.unit, char.raw)) for (const id of nfa.starts()) open(id, FRESH);
  return { ready, whole, looked: seen.size };
}
