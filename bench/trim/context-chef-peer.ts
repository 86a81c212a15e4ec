import { loadPeer } from '../harness/load-peer.ts';
import { contentTokens, type Peer, type Placed } from './peer.ts';

interface ChefMessage {
  readonly role: string;
  readonly content: string;
}

/** As much of `@context-chef/core` as is used. */
interface ContextChefPackage {
  readonly ContextChef: new (options: object) => {
    setHistory(messages: readonly ChefMessage[]): {
      compile(options: object): Promise<{ readonly messages: readonly ChefMessage[] }>;
    };
  };
  readonly summarize: (options: object) => object;
}

/**
 * `ContextChef` with an exact counter and the strategy `summarize`, compressing as late as it can. In place of the language model stands a
 * sentence: what is measured is which messages are kept word for word. For histories of plain text.
 */
export async function contextChefPeer(): Promise<Peer> {
  const { ContextChef, summarize } = await loadPeer<ContextChefPackage>('@context-chef/core');
  return {
    name: 'ContextChef',
    hasBudget: true,
    prepare(history) {
      const sizes = new Map(
        history.map(({ message }) => [message.content as string, contentTokens(message)]),
      );
      const input = history.map(({ message }) => ({
        role: message.role,
        content: message.content as string,
      }));
      const tokenizer = (messages: readonly ChefMessage[]): number =>
        messages.reduce((sum, { content }) => sum + (sizes.get(content) ?? Math.ceil(content.length / 4)), 0);
      return {
        input,
        async trim(contextWindow) {
          const chef = new ContextChef({
            janitor: { contextWindow, triggerRatio: 1, tokenizer },
            overflow: { strategy: summarize({ compressionModel: () => Promise.resolve('They talked.') }) },
          });
          const { messages } = await chef.setHistory(input).compile({ target: 'openai' });
          return endOf(history, messages);
        },
      };
    },
  };
}

/** The messages at the end that are still there, as they were; what stands before them is a summary. */
function endOf(history: readonly Placed[], left: readonly ChefMessage[]): readonly Placed[] {
  let kept = 0;
  while (
    kept < left.length &&
    kept < history.length &&
    left[left.length - 1 - kept]?.content === history[history.length - 1 - kept]?.message.content
  )
    kept += 1;
  return kept === 0 ? [] : history.slice(-kept);
}
