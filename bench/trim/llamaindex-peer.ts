import { loadPeer } from '../harness/load-peer.ts';
import type { Peer } from './peer.ts';

/** As much of `llamaindex` as is used. */
interface LlamaIndex {
  readonly createMemory: (
    messages: readonly object[],
    options: object,
  ) => { getLLM(): Promise<readonly unknown[]> };
}

/**
 * `Memory` of `llamaindex` with all of the limit for the newest messages: by default it keeps 30 % for blocks of long-term memory, of which
 * there are none here. For histories of plain text; what it gives is always the end of the history.
 */
export async function llamaIndexPeer(): Promise<Peer> {
  const { createMemory } = await loadPeer<LlamaIndex>('llamaindex');
  return {
    name: 'LlamaIndex',
    hasBudget: true,
    prepare(history) {
      const input = history.map(({ message }) => ({ role: message.role, content: message.content }));
      return {
        input,
        async trim(tokenLimit) {
          const memory = createMemory(input, { tokenLimit, shortTermTokenLimitRatio: 1 });
          const { length } = await memory.getLLM();
          return length === 0 ? [] : history.slice(-length);
        },
      };
    },
  };
}
