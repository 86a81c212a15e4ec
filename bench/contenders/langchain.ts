import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, oncePerRoot, tellTexts, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** As much of `@langchain/openai` as is used. */
interface LangChainOpenAI {
  readonly ChatOpenAI: new (options: object) => {
    stream(input: string, options: object): Promise<AsyncIterable<{ readonly content: unknown }>>;
  };
}

export async function langChain(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'openai-chat') return cannot('LangChain', protocol);
  const { ChatOpenAI } = await loadPeer<LangChainOpenAI>('@langchain/openai');
  const modelOf = oncePerRoot((root) => {
    const configuration = { baseURL: `${root}/v1` };
    const options = { apiKey: API_KEY, model: MODELS[protocol], maxRetries: 0, useResponsesApi: false };
    return new ChatOpenAI({ ...options, configuration });
  });
  return async (root, told, signal) => {
    const stream = await modelOf(root).stream('Hi', signal === undefined ? {} : { signal });
    await tellTexts(stream, told, ({ content }) => (typeof content === 'string' ? content : undefined));
  };
}
