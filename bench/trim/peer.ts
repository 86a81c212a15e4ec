import type { Message } from '../../src/message.ts';
import { tokensOf } from '../conversations.ts';

/** A message of a history with its place, so that what is left of a trimmed one is known. */
export interface Placed {
  readonly place: number;
  readonly message: Message;
}

/** A history in a peer's own form, ready to be trimmed again and again. */
export interface Prepared {
  /** The peer's own messages, to see whether it changes them. */
  readonly input: unknown;
  /**
   * What is left, in order; `refused` where it throws. Places are of the history, a message that is left in part holds what is left of it.
   * With a place of −1: something that is not of the history.
   */
  trim(budgetTokens: number): Promise<readonly Placed[] | 'refused'>;
}

/** A way to bring a history inside a budget. */
export interface Peer {
  readonly name: string;
  /** Whether it takes a budget in tokens. */
  readonly hasBudget: boolean;
  prepare(history: readonly Placed[]): Prepared;
}

const sizes = new WeakMap<Message, number>();

/** Tokens of a message's contents by o200k_base: its text, and names and arguments of the tools it calls. No overhead. */
export function contentTokens(message: Message): number {
  const known = sizes.get(message);
  if (known !== undefined) return known;
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  const text = [message.content as string, ...calls.map((call) => call.name + call.arguments)];
  const size = text.reduce((sum, part) => sum + tokensOf(part), 0);
  sizes.set(message, size);
  return size;
}
