import { isThought, type Block } from './to-blocks.ts';
import type { WireConversation } from './to-messages.ts';

const mark = { type: 'ephemeral' } as const;

/**
 * Marks where the prefix ends that later requests are likely to share: behind tools and system, and behind the message before the newest.
 * The newest differs from phase to phase of a run, and what stands before it will be the prefix of the next turn too. The host ignores a
 * mark on a prefix that is too short to be worth it.
 */
export function markCache({ system, messages }: WireConversation, tools: readonly Block[]): void {
  setMark(system.at(-1) ?? tools.at(-1));
  setMark(messages.at(-2)?.content.findLast((block) => !isThought(block)));
}

function setMark(block: Block | undefined): void {
  if (block !== undefined) block['cache_control'] = mark;
}
