import { KatamariError } from '../errors.ts';
import { anthropicMessagesEncoder } from './encoders/anthropic-messages.ts';
import { googleGenerateEncoder } from './encoders/google-generate.ts';
import { openaiChatEncoder } from './encoders/openai-chat.ts';
import { openaiResponsesEncoder } from './encoders/openai-responses.ts';
import { frameEvents, type Framing } from './frame-events.ts';
import {
  wholeAnswer,
  type EncodedAnswer,
  type Protocol,
  type ProtocolEncoder,
  type WireAnswer,
} from './wire-answer.ts';

/** How each protocol says things. */
export const encoders: Readonly<Record<Protocol, ProtocolEncoder>> = {
  'openai-chat': openaiChatEncoder,
  'openai-responses': openaiResponsesEncoder,
  'anthropic-messages': anthropicMessagesEncoder,
  'google-generate': googleGenerateEncoder,
};

/**
 * An answer as the vendors of a protocol would stream it, in bytes: what a test server of your own sends.
 *
 * @example response.end(encodeAnswer('openai-chat', { text: ['Hello', ' there'], usage: { token_in: 9, token_out: 2 } }))
 * @throws KatamariError `invalid-input` where the protocol has no word for the finish reason
 */
export function encodeAnswer(
  protocol: Protocol,
  answer: WireAnswer,
  framing: Framing = {},
): Uint8Array<ArrayBuffer> {
  const { opening, content, ending } = encodeParts(encoders[protocol], answer);
  const text = frameEvents([...opening, ...content, ...ending], {
    lineEnd: encoders[protocol].lineEnd,
    ...framing,
  });
  return new TextEncoder().encode(text);
}

/**
 * An answer as events, in its three parts.
 *
 * @throws KatamariError `invalid-input` where the protocol has no word for the finish reason
 */
export function encodeParts(encoder: ProtocolEncoder, answer: WireAnswer): EncodedAnswer {
  const whole = wholeAnswer(answer);
  if (!encoder.finishReasons.includes(whole.finishReason)) {
    throw new KatamariError(
      'invalid-input',
      `${encoder.protocol} has no word for the finish reason ${JSON.stringify(whole.finishReason)}; it has: ${encoder.finishReasons.join(', ')}.`,
    );
  }
  return encoder.encode(whole);
}
