import type { MessageFate } from '../event.ts';
import type { Message } from '../message.ts';
import { Basket } from './basket.ts';
import { choiceOf } from './choice-of.ts';
import type { MessageHashes } from './message-hashes.ts';
import type { Choice, TrimTask } from './trim-task.ts';

/**
 * What the last trim of a conversation left of it. As long as that, with all that was said since, is inside the budget, it is sent again as
 * it is: the beginning of the prompt stays the same to the byte, and the provider can take it from its cache. Plain JSON.
 */
export interface StableCut {
  /** How many messages the trim decided about: those before its current turn, system messages not counted. */
  readonly count: number;
  /** Their fingerprint. */
  readonly hash: string;
  /** Which of them stayed: first and last of each stretch. */
  readonly kept: readonly (readonly [number, number])[];
}

/** The cut that a trim made. */
export function cutOf(
  messages: readonly Message[],
  fates: readonly MessageFate[],
  hashes: MessageHashes,
): StableCut {
  const kept: [number, number][] = [];
  const decided: Message[] = [];
  const current = messages.findLastIndex(({ role }) => role === 'user');
  for (const [index, message] of messages.entries()) {
    if (index >= current || message.role === 'system') continue;
    const ordinal = decided.push(message) - 1;
    if (fates[index]?.fate !== 'kept') continue;
    const last = kept.at(-1);
    if (last !== undefined && last[1] === ordinal - 1) last[1] = ordinal;
    else kept.push([ordinal, ordinal]);
  }
  return { count: decided.length, hash: hashes.of(decided, decided.length), kept };
}

/** What stays of a longer history when the cut is left as it is; `undefined` where it is another history, or over the budget. */
export function keepCut(task: TrimTask, cut: StableCut, hashes: MessageHashes): Choice | undefined {
  const { messages, units, ledger, sides, protectedWhy, budget } = task;
  const said = Array.from(messages.keys()).filter((index) => messages[index]?.role !== 'system');
  const decided = said.slice(0, cut.count).flatMap((index) => messages[index] ?? []);
  if (decided.length < cut.count || hashes.of(decided, cut.count) !== cut.hash) return undefined;
  const stays = new Set(said.slice(cut.count));
  for (const [first, last] of cut.kept) for (const index of said.slice(first, last + 1)) stays.add(index);
  const basket = new Basket({ ledger, sides, protectedWhy, limit: budget });
  for (const turn of units.turns) {
    for (const { indices } of turn.units) {
      if (stays.has(indices[0] ?? -1) && !basket.add(indices, 'stable')) return undefined;
    }
  }
  return basket.room < 0 ? undefined : choiceOf(task, basket, {});
}
