import { loadPeer } from '../harness/load-peer.ts';
import { fromModelMessages, toModelMessages, type ModelMessage } from './model-prompt.ts';
import type { Peer } from './peer.ts';

/** As much of `ai` as is used. */
interface AiSdk {
  readonly pruneMessages: (options: object) => ModelMessage[];
}

/** `pruneMessages` of `ai` with the options of its reference page. It knows no budget: old reasoning and tool calls go. */
export async function aiSdkPeer(): Promise<Peer> {
  const { pruneMessages } = await loadPeer<AiSdk>('ai');
  return {
    name: 'AI SDK prune',
    hasBudget: false,
    prepare(history) {
      const input = toModelMessages(history);
      const options = {
        reasoning: 'before-last-message',
        toolCalls: 'before-last-2-messages',
        emptyMessages: 'remove',
      };
      return {
        input,
        trim: () =>
          Promise.resolve(fromModelMessages(pruneMessages({ ...options, messages: input }), history)),
      };
    },
  };
}
