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

interface MessageEvent {
  readonly type: string;
  readonly delta?: { readonly text?: string };
}

/** As much of `@anthropic-ai/sdk` as is used. */
interface AnthropicSdk {
  readonly default: new (options: object) => {
    readonly messages: { create(body: object, options: object): Promise<AsyncIterable<MessageEvent>> };
  };
}

export async function anthropicSdk(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'anthropic-messages') return cannot('@anthropic-ai/sdk', protocol);
  const { default: Anthropic } = await loadPeer<AnthropicSdk>('@anthropic-ai/sdk');
  const body = { model: MODELS[protocol], messages: QUESTION, max_tokens: 4096, stream: true };
  const clientOf = oncePerRoot((root) => new Anthropic({ apiKey: API_KEY, baseURL: root, maxRetries: 0 }));
  return async (root, told, signal) => {
    const stream = await clientOf(root).messages.create(body, { signal });
    await tellTexts(stream, told, ({ type, delta }) =>
      type === 'content_block_delta' ? delta?.text : undefined,
    );
  };
}
