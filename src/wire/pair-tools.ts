import { textOf, type AssistantMessage, type Message, type ToolMessage } from '../message.ts';

/** What stands in for the result of a call that has none. */
const noResult = 'No result was recorded for this tool call.';

/**
 * Puts tool calls and results into the order every protocol demands, without losing a word: results follow their call at once; a call
 * without a result gets one that says so; a result without a call becomes a user message that quotes it. A history that is in order is
 * returned as it is.
 */
export function pairTools(messages: readonly Message[]): readonly Message[] {
  if (!messages.some(isAboutTools)) return messages;
  const paired: Message[] = [];
  const taken = new Set<ToolMessage>();
  for (const [index, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (!taken.has(message)) paired.push(quote(message));
      continue;
    }
    paired.push(message);
    if (message.role === 'assistant') paired.push(...resultsFor(message, messages, index, taken));
  }
  return paired;
}

function isAboutTools(message: Message): boolean {
  return message.role === 'tool' || (message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0);
}

function resultsFor(
  message: AssistantMessage,
  messages: readonly Message[],
  index: number,
  taken: Set<ToolMessage>,
): Message[] {
  return (message.toolCalls ?? []).map((call) => {
    const found = findResult(call.id, messages, index, taken);
    if (found === undefined) return { role: 'tool', toolCallId: call.id, content: noResult } as const;
    taken.add(found);
    return found;
  });
}

/** Looks ahead until the same id is called again: vendors reuse ids from answer to answer. */
function findResult(
  id: string,
  messages: readonly Message[],
  index: number,
  taken: ReadonlySet<ToolMessage>,
): ToolMessage | undefined {
  for (let next = index + 1; next < messages.length; next += 1) {
    const message = messages[next];
    if (message?.role === 'tool' && message.toolCallId === id && !taken.has(message)) return message;
    if (message?.role === 'assistant' && message.toolCalls?.some((call) => call.id === id) === true)
      return undefined;
  }
  return undefined;
}

function quote(message: ToolMessage): Message {
  const of = message.name === undefined ? '' : ` of the tool "${message.name}"`;
  const lead = `A result${of}, whose call is no longer part of this conversation:`;
  if (typeof message.content === 'string') return { role: 'user', content: `${lead}\n${message.content}` };
  const others = message.content.filter((part) => part.type !== 'text');
  const text = `${lead}\n${textOf(message)}`;
  return { role: 'user', content: others.length === 0 ? text : [{ type: 'text', text }, ...others] };
}
