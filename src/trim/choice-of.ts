import type { Message } from '../message.ts';
import type { Basket } from './basket.ts';
import { gapNotes } from './gap-notes.ts';
import type { Choice, MessagePart, TrimTask } from './trim-task.ts';

/** What a choice has besides the messages in its basket. */
export interface ChoiceExtras {
  /** Parts of messages that are not in the basket as a whole. @defaultValue none */
  readonly parts?: ReadonlyMap<number, MessagePart>;
  /** The budget that notes on gaps may use up, in tokens. @defaultValue no notes */
  readonly noteLimit?: number;
}

/** The messages that a basket comes to: the kept ones, parts of others, stubs, and notes where something is left out. */
export function choiceOf(
  task: TrimTask,
  basket: Basket,
  { parts = new Map(), noteLimit = 0 }: ChoiceExtras,
): Choice {
  const { why, tokens } = basket;
  const all = new Map(parts);
  for (const [place, message] of basket.stubs()) all.set(place, { message, why: 'gap' });
  const room = noteLimit - tokens;
  const costOf = (note: Message): number => task.means.costs.message(note);
  const marked = gapNotes(why, { room, query: task.query, costOf });
  const messages: Message[] = [];
  for (let at = 0; at < task.messages.length; at += 1) {
    const message = task.messages[at];
    if (message === undefined) continue;
    const note = marked.notes.get(at);
    if (note !== undefined) messages.push(note);
    if (why[at] !== undefined) messages.push(message);
    else {
      const part = all.get(at)?.message;
      if (part !== undefined) messages.push(part);
    }
  }
  // A trimmed history that is trimmed again gets its own stubs again.
  const isSame =
    messages.length === task.messages.length &&
    messages.every((message, at) => message === task.messages[at]);
  return {
    why,
    messages: isSame ? task.messages : messages,
    tokens: tokens + marked.tokens,
    parts: all,
  };
}
