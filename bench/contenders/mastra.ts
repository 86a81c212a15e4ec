import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, oncePerRoot, tellAll, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** As much of `@mastra/core/agent` as is used. */
interface MastraAgent {
  readonly Agent: new (options: object) => {
    stream(input: string, options: object): Promise<{ readonly textStream: AsyncIterable<string> }>;
  };
}

export async function mastra(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'openai-chat') return cannot('Mastra', protocol);
  const { Agent } = await loadPeer<MastraAgent>('@mastra/core/agent');
  const agentOf = oncePerRoot((root) => {
    const model = { providerId: 'bench', modelId: MODELS[protocol], url: `${root}/v1`, apiKey: API_KEY };
    return new Agent({ id: 'bench', name: 'bench', instructions: 'Plain and short.', model });
  });
  return async (root, told, abortSignal) => {
    const { textStream } = await agentOf(root).stream('Hi', abortSignal === undefined ? {} : { abortSignal });
    await tellAll(textStream, told);
  };
}
