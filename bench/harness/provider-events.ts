import type { Protocol } from '../../src/testing/wire-answer.ts';
import { wordOf, writesOf } from './token-events.ts';

/*
 * The same answer in the words of each protocol: as many events, and in each of them what the vendor sends.
 */

/** The answer in writes of `batch` events each. */
export function providerWrites(protocol: Protocol, tokens: number, batch: number): Buffer[] {
  if (protocol === 'openai-chat') return writesOf(tokens, batch);
  const { opening, say, ending } = voices[protocol];
  const events = [
    ...opening,
    ...Array.from({ length: tokens }, (_, index) => say(wordOf(index), index)),
    ...ending(tokens),
  ];
  const writes: Buffer[] = [];
  for (let at = 0; at < events.length; at += batch)
    writes.push(Buffer.from(events.slice(at, at + batch).join('')));
  return writes;
}

interface Voice {
  readonly opening: readonly string[];
  readonly say: (text: string, index: number) => string;
  readonly ending: (tokens: number) => readonly string[];
}

function named(data: Readonly<Record<string, unknown>>): string {
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
}

const item_id = 'msg_68a1f0b3c5d48190a2b7e6f4c3d2e1f00a1b2c3d4e5f6071';
const response = {
  id: 'resp_68a1f0b3c1',
  object: 'response',
  created_at: 1_741_569_952,
  model: 'gpt-5-mini',
  output: [],
};
const place = { item_id, output_index: 0, content_index: 0 };

const responses: Voice = {
  opening: [
    named({ type: 'response.created', sequence_number: 0, response: { ...response, status: 'in_progress' } }),
    named({
      type: 'response.output_item.added',
      sequence_number: 1,
      output_index: 0,
      item: { id: item_id, type: 'message', status: 'in_progress', content: [], role: 'assistant' },
    }),
    named({
      type: 'response.content_part.added',
      sequence_number: 2,
      ...place,
      part: { type: 'output_text', annotations: [], logprobs: [], text: '' },
    }),
  ],
  say: (delta, index) =>
    named({
      type: 'response.output_text.delta',
      sequence_number: index + 3,
      ...place,
      delta,
      logprobs: [],
      obfuscation: (index * 2_654_435_761).toString(36),
    }),
  ending: (tokens) => [
    named({
      type: 'response.completed',
      sequence_number: tokens + 3,
      response: {
        ...response,
        status: 'completed',
        usage: { input_tokens: 12, output_tokens: tokens, total_tokens: 12 + tokens },
      },
    }),
  ],
};

const messages: Voice = {
  opening: [
    named({
      type: 'message_start',
      message: {
        id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
        type: 'message',
        role: 'assistant',
        model: 'claude-sonnet-5',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 12, output_tokens: 1 },
      },
    }),
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  ],
  say: (text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  ending: (tokens) => [
    named({ type: 'content_block_stop', index: 0 }),
    named({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: tokens },
    }),
    named({ type: 'message_stop' }),
  ],
};

function chunk(text: string, candidate: object, tokens: number): string {
  const body = {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...candidate, index: 0 }],
    usageMetadata: {
      promptTokenCount: 12,
      candidatesTokenCount: tokens,
      totalTokenCount: 12 + tokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 12 }],
    },
    modelVersion: 'gemini-2.5-flash',
    responseId: 'kQahaJ2xN8bVz7IP0ceJ2AU',
  };
  return `data: ${JSON.stringify(body)}\r\n\r\n`;
}

const generate: Voice = {
  opening: [],
  say: (text, index) => chunk(text, {}, index + 1),
  ending: (tokens) => [chunk('', { finishReason: 'STOP' }, tokens)],
};

const voices: Readonly<Record<Exclude<Protocol, 'openai-chat'>, Voice>> = {
  'openai-responses': responses,
  'anthropic-messages': messages,
  'google-generate': generate,
};
