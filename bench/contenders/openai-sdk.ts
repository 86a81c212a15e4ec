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

interface Chunk {
  readonly choices: readonly { readonly delta?: { readonly content?: string | null } }[];
}

interface ResponseEvent {
  readonly type: string;
  readonly delta?: string;
}

/** As much of `openai` as is used. */
interface OpenAISdk {
  readonly default: new (options: object) => {
    readonly chat: {
      readonly completions: { create(body: object, options: object): Promise<AsyncIterable<Chunk>> };
    };
    readonly responses: { create(body: object, options: object): Promise<AsyncIterable<ResponseEvent>> };
  };
}

export async function openaiSdk(protocol: Protocol): Promise<Answer> {
  const { default: OpenAI } = await loadPeer<OpenAISdk>('openai');
  const model = MODELS[protocol];
  const clientOf = oncePerRoot(
    (root) => new OpenAI({ apiKey: API_KEY, baseURL: `${root}/v1`, maxRetries: 0 }),
  );
  if (protocol === 'openai-chat')
    return async (root, told, signal) => {
      const body = { model, messages: QUESTION, stream: true };
      const stream = await clientOf(root).chat.completions.create(body, { signal });
      await tellTexts(stream, told, ({ choices }) => choices[0]?.delta?.content);
    };
  if (protocol !== 'openai-responses') return cannot('openai', protocol);
  return async (root, told, signal) => {
    const stream = await clientOf(root).responses.create({ model, input: 'Hi', stream: true }, { signal });
    await tellTexts(stream, told, ({ type, delta }) =>
      type === 'response.output_text.delta' ? delta : undefined,
    );
  };
}
