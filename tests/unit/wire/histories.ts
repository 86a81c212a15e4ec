import * as fc from 'fast-check';

import type { Message } from '../../../src/message.ts';

/** A word that is found again wherever it stands, also inside JSON inside JSON. */
const word = fc.integer({ min: 0, max: 99_999 }).map((number) => `word${number}語`);
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
const texts = fc.oneof({ weight: 4, arbitrary: words }, fc.constantFrom('', '  \n', ' 末尾 '));
const ids = fc.constantFrom('a', 'b', 'call_1', 'functions.f:0', '長い id');
const name = fc.option(fc.constantFrom('Ann', '花子'), { nil: undefined });

const call = fc.record({
  id: ids,
  name: fc.constantFrom('f', 'g'),
  arguments: fc.oneof(
    words.map((text) => JSON.stringify({ text })),
    fc.constantFrom('', '{}', '[1]', '{"half":'),
  ),
});

const thought = fc.record({
  type: fc.constant('reasoning' as const),
  text: fc.constantFrom('hm', ''),
  providerData: fc.constantFrom(
    { signature: 's==' },
    { redacted_thinking: 'r==' },
    { thoughtSignature: 't==' },
    { id: 'rs_1', encrypted_content: 'e==' },
    { reasoning_details: [] },
  ),
});
const textPart = texts.map((text) => ({ type: 'text' as const, text }));
const imagePart = fc.constant({ type: 'image' as const, image: 'AAAA', mediaType: 'image/png' });
const userContent = fc.oneof(texts, fc.array(fc.oneof(textPart, imagePart), { maxLength: 3 }));

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('system' as const), content: texts }),
  fc
    .record({ role: fc.constant('user' as const), content: userContent, name })
    .map(({ name: speaker, ...rest }) => (speaker === undefined ? rest : { ...rest, name: speaker })),
  fc.record({
    role: fc.constant('assistant' as const),
    content: fc.oneof(texts, fc.array(fc.oneof(textPart, thought), { maxLength: 3 })),
    toolCalls: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(call, { maxLength: 3 })),
  }),
  fc.record({
    role: fc.constant('tool' as const),
    toolCallId: ids,
    content: userContent,
    isError: fc.boolean(),
  }),
);

/** Any history, in order or not: what a store, a trim or an import may leave behind. */
export const histories: fc.Arbitrary<readonly Message[]> = fc.array(message, { maxLength: 12 });

/** All words of a history that a model is to see: everything but its thoughts. */
export function wordsOf(messages: readonly Message[]): string[] {
  const said = messages.map(({ content, ...rest }) => {
    const parts = typeof content === 'string' ? content : content.filter((part) => part.type !== 'reasoning');
    return JSON.stringify({ parts, ...rest });
  });
  return [...said.join('\n').matchAll(/word\d+語/g)].map(([found]) => found);
}
