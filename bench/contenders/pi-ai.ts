import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, tellTexts, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

interface StreamEvent {
  readonly type: string;
  readonly delta?: string;
}

/** As much of `@earendil-works/pi-ai` as is used. */
interface PiAi {
  readonly normalizeContext: (context: object) => object;
}

interface PiCompletions {
  readonly stream: (model: object, context: object, options: object) => AsyncIterable<StreamEvent>;
}

/** The implementation of the protocol, called directly, as its documentation shows for programs that bring their own models. */
export async function piAi(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'openai-chat') return cannot('pi-ai', protocol);
  const { normalizeContext } = await loadPeer<PiAi>('@earendil-works/pi-ai');
  const { stream } = await loadPeer<PiCompletions>('@earendil-works/pi-ai/api/openai-completions');
  const id = MODELS[protocol];
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const traits = { reasoning: false, input: ['text'], cost, contextWindow: 128_000, maxTokens: 4096 };
  const model = { id, name: id, api: 'openai-completions', provider: 'openai', ...traits };
  return (root, told, signal) => {
    const context = normalizeContext({ messages: [{ role: 'user', content: 'Hi', timestamp: 0 }] });
    const options = { apiKey: API_KEY, ...(signal && { signal }) };
    const events = stream({ ...model, baseUrl: `${root}/v1` }, context, options);
    return tellTexts(events, told, ({ type, delta }) => (type === 'text_delta' ? delta : undefined));
  };
}
