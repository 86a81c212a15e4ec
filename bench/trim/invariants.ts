import type { Message } from '../../src/message.ts';
import { contentTokens, type Placed } from './peer.ts';

/** One history, what was asked, and what came of it. */
export interface Trial {
  readonly history: readonly Placed[];
  readonly budgetTokens: number;
  readonly kept: readonly Placed[];
}

/** True where the property is broken. */
type Breach = (trial: Trial) => boolean;

/** What can be told from one result. */
export const INVARIANTS: Readonly<Record<string, Breach>> = {
  'over the budget': ({ kept, budgetTokens }) => tokensOfAll(kept) > budgetTokens,
  'system message lost': ({ history, kept }) => misses(kept, history.filter(isSystem)),
  'current turn not whole': ({ history, kept }) => misses(kept, currentTurn(history)),
  'tool call without result, or the reverse': ({ kept }) => callIds(kept).join() !== resultIds(kept).join(),
  'tool result not right after its call': ({ kept }) => !areToolsInPlace(kept),
  'first is not the user': ({ kept }) => kept.find((placed) => !isSystem(placed))?.message.role !== 'user',
  'order changed, or something foreign in it': ({ kept }) =>
    kept.some(({ place }, at) => place <= (at === 0 ? -1 : (kept[at - 1]?.place ?? -1))),
  'two user messages in a row': ({ kept }) =>
    kept.some(({ message }, at) => message.role === 'user' && kept[at - 1]?.message.role === 'user'),
};

/** Tokens of the contents of all of them. */
export function tokensOfAll(placed: readonly Placed[]): number {
  return placed.reduce((sum, { message }) => sum + contentTokens(message), 0);
}

/** The last user message and all after it. */
function currentTurn(history: readonly Placed[]): readonly Placed[] {
  return history.slice(history.findLastIndex(({ message }) => message.role === 'user'));
}

/** What has to stay. */
export function protectedPart(history: readonly Placed[]): readonly Placed[] {
  return [...history.filter(isSystem), ...currentTurn(history)];
}

function isSystem({ message }: Placed): boolean {
  return message.role === 'system';
}

/** Whether one is missing, or left in part only. */
function misses(kept: readonly Placed[], wanted: readonly Placed[]): boolean {
  const left = new Map(kept.map(({ place, message }) => [place, message]));
  return wanted.some(({ place, message }) => left.get(place) !== message);
}

function callsOf(message: Message | undefined): string[] {
  return message?.role === 'assistant' ? (message.toolCalls ?? []).map(({ id }) => id) : [];
}

function callIds(kept: readonly Placed[]): string[] {
  return kept.flatMap(({ message }) => callsOf(message)).toSorted();
}

function resultIds(kept: readonly Placed[]): string[] {
  return kept.flatMap(({ message }) => (message.role === 'tool' ? [message.toolCallId] : [])).toSorted();
}

function areToolsInPlace(kept: readonly Placed[]): boolean {
  let open: string[] = [];
  for (const { message } of kept) {
    if (message.role !== 'tool') open = callsOf(message);
    else if (!open.includes(message.toolCallId)) return false;
  }
  return true;
}
