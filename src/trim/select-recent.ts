import type { Message, Role } from '../message.ts';
import type { Basket } from './basket.ts';
import type { CostLedger } from './cost-ledger.ts';
import type { Sides } from './sides.ts';
import type { Turn, Unit, Units } from './split-units.ts';

/** A user message that would put a kept reply into context is worth at most this much, in tokens: a limit that does not depend on the budget. */
const LEAD_TOKENS = 256;

/** What the choice is made from. */
export interface Candidates {
  readonly messages: readonly Message[];
  readonly units: Units;
  readonly sides: Sides;
  readonly ledger: CostLedger;
}

/** What of the options concerns the order in which messages are kept. */
export interface Preferences {
  readonly minTurns: number;
  readonly priorityRoles: readonly Role[];
}

/** Messages that go in together, and why. */
export interface Item {
  readonly indices: readonly number[];
  readonly why: string;
}

/**
 * Keeps the newest. Everything is put in one order that does not depend on the budget, and the basket is filled up to the first item that
 * does not fit: so a larger budget always keeps a superset.
 *
 * The order: with `priorityRoles` the last `minTurns` turns, then the units of those roles, newest first; then turn by turn backwards. Of
 * the oldest turn that has room its user message and its newest units are kept. Last come replies that no user message leads, and orphans:
 * they are kept only when everything is.
 */
export function selectRecent(basket: Basket, candidates: Candidates, preferences: Preferences): void {
  for (const { indices, why } of itemsOf(basket, candidates, preferences)) {
    if (!basket.add(indices, why)) return;
  }
}

function* itemsOf(basket: Basket, candidates: Candidates, preferences: Preferences): Generator<Item> {
  const { turns } = candidates.units;
  const { priorityRoles, minTurns } = preferences;
  yield* leadOf(basket, candidates);
  const newest = turns.length - 1 - currentTurns(turns);
  if (priorityRoles.length > 0) {
    for (let turn = newest; turn > newest - minTurns; turn -= 1) {
      if (turns[turn]?.head !== undefined) yield* itemsOfTurn(turns[turn], 'min-turns');
    }
    for (const role of priorityRoles) yield* itemsOfRole(candidates, role);
  }
  for (let turn = newest; turn >= 0; turn -= 1) {
    // A turn without a head is the history's only one, or its replies are left to the very end.
    if (turns[turn]?.head !== undefined || turns.length === 1) yield* itemsOfTurn(turns[turn], 'recent');
  }
  yield { indices: Array.from(candidates.messages.keys()), why: 'fits' };
}

/** How many turns at the end are protected as a whole: in a history without a user message its only turn is not. */
function currentTurns(turns: readonly Turn[]): number {
  return turns.at(-1)?.head === undefined ? 0 : 1;
}

/** The user message before the first reply that is protected, so that the history does not begin in the middle of a turn. */
function* leadOf(basket: Basket, { messages, units, ledger }: Candidates): Generator<Item> {
  const first = messages.findIndex(
    (message, index) => message.role !== 'system' && basket.why[index] !== undefined,
  );
  if (first === -1 || messages[first]?.role === 'user') return;
  const head = units.turns[units.turnOf[first] ?? -1]?.head;
  if (head !== undefined && ledger.exact(head) <= LEAD_TOKENS) yield { indices: [head], why: 'lead' };
}

/** A turn's units from the newest to the oldest; its user message comes with the newest. */
function* itemsOfTurn(turn: Turn | undefined, why: string): Generator<Item> {
  if (turn === undefined) return;
  for (let at = turn.units.length - 1; at >= 0; at -= 1) {
    const unit = turn.units[at];
    if (unit !== undefined && unit.kind !== 'orphan') yield { indices: withHead(turn, unit), why };
  }
}

function withHead({ head }: Turn, { indices }: Unit): readonly number[] {
  return head === undefined || indices[0] === head ? indices : [head, ...indices];
}

/** The units of one role, newest first, each with the user message of its turn. */
export function* itemsOfRole({ messages, units }: Candidates, role: Role): Generator<Item> {
  for (let at = units.turns.length - 1; at >= 0; at -= 1) {
    const turn = units.turns[at];
    if (turn?.head === undefined) continue;
    for (let place = turn.units.length - 1; place >= 0; place -= 1) {
      const unit = turn.units[place];
      if (unit !== undefined && isOf(unit, role, messages)) {
        yield { indices: withHead(turn, unit), why: 'priority-role' };
      }
    }
  }
}

function isOf(unit: Unit, role: Role, messages: readonly Message[]): boolean {
  return unit.kind !== 'orphan' && unit.indices.some((index) => messages[index]?.role === role);
}
