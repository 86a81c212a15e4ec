import type { Usage } from '../../event.ts';
import { encodeParts } from '../encode-answer.ts';
import { frameEvents, type Framing } from '../frame-events.ts';
import { wholeAnswer, type ProtocolEncoder, type WireAnswer, type WireEvent } from '../wire-answer.ts';
import { expectEqual } from './expect-equal.ts';
import type { Reply } from './loopback-server.ts';
import type { Seen } from './read-answer.ts';
import { beginEvents, write } from './send.ts';

/** A plain answer, with characters of one to four bytes. */
export const plain: WireAnswer = {
  text: ['Hello', ' wörld', '、こんにちは', ' 👩‍👩‍👧‍👦!'],
  usage: { token_in: 9, token_out: 5 },
};

/** An answer with everything in it. */
export const rich: WireAnswer = {
  reasoning: ['First I think,', ' 次に調べる。'],
  text: ['Let me ', '調べます。'],
  toolCalls: [
    { id: 'call_a1', name: 'get_weather', arguments: '{"city":"京都","days":3}' },
    { id: 'call_b2', name: 'search', arguments: '{"query":"\\"quoted\\" and {braces}","limit":10}' },
  ],
  usage: { token_in: 120, token_out: 45, token_cache_read: 64, token_cache_write: 16, token_reasoning: 20 },
};

/** All events of an answer. */
export function eventsOf(encoder: ProtocolEncoder, answer: WireAnswer): readonly WireEvent[] {
  const { opening, content, ending } = encodeParts(encoder, answer);
  return [...opening, ...content, ...ending];
}

/** The events as the vendor would write them. */
export function textOfEvents(
  encoder: ProtocolEncoder,
  events: readonly WireEvent[],
  framing: Framing = {},
): string {
  return frameEvents(events, { lineEnd: encoder.lineEnd, ...framing });
}

/** Answers every request with the events, in one write. */
export function replyWith(encoder: ProtocolEncoder, events: readonly WireEvent[], framing?: Framing): Reply {
  return async ({ response }) => {
    beginEvents(response);
    if (events.length > 0) await write(response, textOfEvents(encoder, events, framing));
    response.end();
  };
}

/** @throws AssertionError where what was seen is not the answer */
export function expectAnswer(seen: Seen, answer: WireAnswer, encoder: ProtocolEncoder): void {
  const { text, reasoning, toolCalls, finishReason, usage } = wholeAnswer(answer);
  expectEqual(seen.text, text.join(''), 'the text');
  expectEqual(seen.reasoning, reasoning.join(''), 'the reasoning');
  expectEqual(seen.toolCalls, toolCalls, 'the tool calls');
  expectEqual(seen.end?.finishReason, finishReason, 'finishReason');
  expectEqual(reported(encoder, seen.end?.usage ?? null), reported(encoder, usage), 'the usage');
}

/** The parts that the protocol can report; those that are left out are zero. */
function reported({ usageFields }: ProtocolEncoder, usage: Usage | null): object | null {
  if (usage === null) return null;
  const written = usage.token_cache_write ?? 0;
  const all: Required<Usage> = {
    token_in: usage.token_in,
    token_out: usage.token_out,
    token_cache_read: usage.token_cache_read ?? 0,
    token_cache_write: written,
    token_reasoning: usage.token_reasoning ?? 0,
  };
  return Object.fromEntries(usageFields.map((field) => [field, all[field]]));
}
