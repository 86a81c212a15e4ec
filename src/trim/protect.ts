import type { Message } from '../message.ts';
import type { Unit, Units } from './split-units.ts';

/** Why a message is kept, by its place in the history; `undefined` where it is not. */
export type KeptWhy = (string | undefined)[];

/**
 * Which messages stay whatever the budget: those of the system, the current turn, and pinned ones, each with the other half of its tool
 * pair. In a history without a user message the current turn is the last unit.
 */
export function protect(messages: readonly Message[], units: Units): KeptWhy {
  const why: KeptWhy = messages.map(() => undefined);
  const keep = (unit: Unit | undefined, reason: string): void => {
    for (const index of unit?.indices ?? []) why[index] ??= reason;
  };
  const current = units.turns.length - 1;
  const lastTurn = units.turns[current];
  const hasUser = lastTurn?.head !== undefined;
  for (const index of units.staying) {
    if (messages[index]?.role === 'system') why[index] = 'system';
    else if (!hasUser || units.turnOf[index] !== current) keep(units.unitOf[index], 'pinned');
  }
  if (hasUser) {
    for (let index = messages.length - 1; units.turnOf[index] === current; index -= 1)
      keep(units.unitOf[index], 'current-turn');
  } else keep(lastTurn?.units.at(-1), 'current-turn');
  return why;
}
