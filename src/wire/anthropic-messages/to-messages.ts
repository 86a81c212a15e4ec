import type { Message } from '../../message.ts';
import { alternateTurns } from '../alternate-turns.ts';
import { ToolIds } from '../tool-ids.ts';
import { assistantBlocks, resultBlocks, textBlocks, userBlocks, type Block } from './to-blocks.ts';

/** A message as the wire has it. */
export interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/** A conversation as the wire has it. */
export interface WireConversation {
  /** The system messages that stand at its head. */
  readonly system: Block[];
  readonly messages: readonly WireMessage[];
}

/** A conversation the protocol accepts: user and assistant take turns, the user first, and no block is blank. */
export function toConversation(messages: readonly Message[], prefill: boolean): WireConversation {
  const ids = new ToolIds();
  const { system, turns } = alternateTurns<Block>(
    messages,
    {
      text: (text) => ({ type: 'text', text }),
      parts: (message) => {
        if (message.role === 'user') return userBlocks(message);
        return message.role === 'assistant' ? assistantBlocks(message, ids) : resultBlocks(message, ids);
      },
    },
    prefill,
  );
  const wire = turns.map(({ role, parts }) => ({ role, content: parts }));
  trimEnd(wire.at(-1));
  return { system: system.flatMap(textBlocks), messages: wire };
}

/** A model that continues its own last words refuses white space behind them. */
function trimEnd(last: WireMessage | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined;
  if (block?.['type'] === 'text')
    last?.content.splice(-1, 1, { ...block, text: String(block['text']).trimEnd() });
}
