import { loadPeer } from '../harness/load-peer.ts';
import { fromModelMessages, toModelMessages, type ModelMessage } from './model-prompt.ts';
import type { Peer } from './peer.ts';

/** As much of `@mastra/core/processors` as is used. */
interface Mastra {
  readonly TokenLimiterProcessor: new (options: object) => {
    processLLMRequest(request: { prompt: ModelMessage[] }): Promise<{ prompt?: ModelMessage[] } | undefined>;
  };
}

/** `TokenLimiterProcessor` of `@mastra/core` where it stands in an agent: right before the call of the model. Its counter is its own. */
export async function mastraPeer(trimMode: 'best-fit' | 'contiguous'): Promise<Peer> {
  const { TokenLimiterProcessor } = await loadPeer<Mastra>('@mastra/core/processors');
  return {
    name: `Mastra ${trimMode}`,
    hasBudget: true,
    prepare(history) {
      const input = toModelMessages(history);
      return {
        input,
        async trim(limit) {
          try {
            const limiter = new TokenLimiterProcessor({ limit, trimMode });
            const result = await limiter.processLLMRequest({ prompt: input });
            return fromModelMessages(result?.prompt ?? input, history);
          } catch (error) {
            if (error instanceof Error && error.message.startsWith('TokenLimiterProcessor')) return 'refused';
            throw error;
          }
        },
      };
    },
  };
}
