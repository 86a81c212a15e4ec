import { createParser } from 'eventsource-parser';

import type { Protocol } from '../../src/testing/wire-answer.ts';
import { MODELS, QUESTION, type Answer } from '../harness/contender.ts';

/** Where a protocol's endpoint lies, and where the text is in an event. */
interface Way {
  readonly path: string;
  readonly textOf: (event: never) => string | null | undefined;
}

const ways: Readonly<Record<Protocol, Way>> = {
  'openai-chat': {
    path: '/v1/chat/completions',
    textOf: (event: { choices: { delta?: { content?: string | null } }[] }) =>
      event.choices[0]?.delta?.content,
  },
  'openai-responses': {
    path: '/v1/responses',
    textOf: (event: { type: string; delta?: string }) =>
      event.type === 'response.output_text.delta' ? event.delta : undefined,
  },
  'anthropic-messages': {
    path: '/v1/messages',
    textOf: (event: { type: string; delta?: { text?: string } }) =>
      event.type === 'content_block_delta' ? event.delta?.text : undefined,
  },
  'google-generate': {
    path: `/v1beta/models/${MODELS['google-generate']}:streamGenerateContent`,
    textOf: (event: { candidates: { content?: { parts: { text?: string }[] } }[] }) =>
      event.candidates[0]?.content?.parts[0]?.text,
  },
};

/** The least anybody can do: `fetch`, eventsource-parser, `JSON.parse`, and taking the text out. */
export function bare(protocol: Protocol): Answer {
  const { path, textOf } = ways[protocol];
  const body = JSON.stringify({ model: MODELS[protocol], messages: QUESTION, stream: true });
  return async (root, told, signal) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(root + path, { method: 'POST', headers, body, signal: signal ?? null });
    if (response.body === null) throw new Error('no body');
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent({ data }) {
        if (data === '[DONE]') return;
        const text = textOf(JSON.parse(data) as never);
        if (text !== null && text !== undefined) told(text);
      },
    });
    for await (const bytes of response.body) parser.feed(decoder.decode(bytes, { stream: true }));
  };
}

/** Three calls after one another; the last one is the answer. */
export function bareThreeCalls(protocol: Protocol): Answer {
  const call = bare(protocol);
  return async (root, told, signal) => {
    await call(root, () => undefined, signal);
    await call(root, () => undefined, signal);
    await call(root, told, signal);
  };
}
