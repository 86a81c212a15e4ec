import type { AssistantMessage, Message, ToolMessage, UserMessage } from '../message.ts';

/** One side's turn: all it says until the other side speaks. */
interface Turn<Part> {
  readonly role: 'user' | 'assistant';
  readonly parts: Part[];
}

/** A conversation in which user and assistant take turns, the user first. */
export interface AlternateTurns<Part> {
  /** The texts of the system messages at its head. */
  readonly system: readonly string[];
  readonly turns: Turn<Part>[];
}

/** How a protocol writes what is said. An empty list says nothing. */
export interface PartWriter<Part> {
  text(text: string): Part;
  /** Results of tools belong to the user's side. */
  parts(message: UserMessage | AssistantMessage | ToolMessage): Part[];
}

/** What stands in for a user who has not spoken yet, since a user has to come first. */
const opening = '(The conversation so far:)';

/** What asks a model to speak that does not continue a message of its own. */
const goOn = 'Continue.';

/**
 * A conversation as protocols demand it that know two sides only. Tool calls and results are in order already, see `pairTools`.
 *
 * System messages at the head are given apart. One in the middle stays where it is, as a marked text of the user: moved up it would seem to
 * have held from the start, and would void the cached prefix.
 *
 * @param mayEndWithAssistant - Whether the model continues words of its own that come last; otherwise the user asks it to go on.
 */
export function alternateTurns<Part>(
  messages: readonly Message[],
  writer: PartWriter<Part>,
  mayEndWithAssistant: boolean,
): AlternateTurns<Part> {
  const system: string[] = [];
  const turns: Turn<Part>[] = [];
  for (const message of messages) {
    const isBlank = message.role === 'system' && message.content.trim() === '';
    if (isBlank) continue;
    if (message.role !== 'system')
      append(turns, message.role === 'assistant' ? 'assistant' : 'user', writer.parts(message));
    else if (turns.length === 0) system.push(message.content);
    else append(turns, 'user', [writer.text(`<system>\n${message.content}\n</system>`)]);
  }
  if (turns[0]?.role !== 'user') turns.unshift({ role: 'user', parts: [writer.text(opening)] });
  if (!mayEndWithAssistant && turns.at(-1)?.role === 'assistant') append(turns, 'user', [writer.text(goOn)]);
  return { system, turns };
}

function append<Part>(turns: Turn<Part>[], role: Turn<Part>['role'], parts: readonly Part[]): void {
  if (parts.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.parts.push(...parts);
  else turns.push({ role, parts: [...parts] });
}
