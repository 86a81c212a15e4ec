import type { Protocol } from '../../src/testing/wire-answer.ts';
import {
  API_KEY,
  cannot,
  MODELS,
  oncePerRoot,
  QUESTION,
  tellTexts,
  type Answer,
} from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

interface StreamChunk {
  readonly type: string;
  readonly delta?: string;
}

/** As much of `@tanstack/ai` as is used. */
interface TanStackAi {
  readonly chat: (options: object) => AsyncIterable<StreamChunk>;
}

interface TanStackOpenAI {
  readonly openaiCompatibleText: (model: string, config: object) => object;
}

export async function tanStack(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'openai-chat') return cannot('TanStack AI', protocol);
  const { chat } = await loadPeer<TanStackAi>('@tanstack/ai');
  const { openaiCompatibleText } = await loadPeer<TanStackOpenAI>('@tanstack/ai-openai/compatible');
  const adapterOf = oncePerRoot((root) => {
    const config = { name: 'bench', apiKey: API_KEY, baseURL: `${root}/v1`, maxRetries: 0 };
    return openaiCompatibleText(MODELS[protocol], config);
  });
  return (root, told, signal) => {
    const abortController = new AbortController();
    signal?.addEventListener('abort', () => abortController.abort(), { once: true });
    const chunks = chat({ adapter: adapterOf(root), messages: QUESTION, abortController });
    return tellTexts(chunks, told, ({ type, delta }) =>
      type === 'TEXT_MESSAGE_CONTENT' ? delta : undefined,
    );
  };
}
