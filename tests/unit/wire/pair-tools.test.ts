import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { textOf, type Message } from '../../../src/message.ts';
import { pairTools } from '../../../src/wire/pair-tools.ts';

const call = (id: string): { id: string; name: string; arguments: string } => ({
  id,
  name: 'f',
  arguments: '{}',
});

test('a history in order comes back as it is', () => {
  const messages: Message[] = [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: '', toolCalls: [call('a')] },
    { role: 'tool', toolCallId: 'a', content: 'r' },
  ];
  expect(pairTools(messages)).toEqual(messages);
  const plain: Message[] = [{ role: 'user', content: 'q' }];
  expect(pairTools(plain)).toBe(plain);
});

test('a call without a result gets one that says so; a late result comes to its call', () => {
  const late: Message = { role: 'tool', toolCallId: 'b', content: 'late' };
  const paired = pairTools([
    { role: 'assistant', content: '', toolCalls: [call('a'), call('b')] },
    { role: 'user', content: 'and?' },
    late,
  ]);
  expect(paired.map((message) => message.role)).toEqual(['assistant', 'tool', 'tool', 'user']);
  expect(paired[1]).toMatchObject({
    toolCallId: 'a',
    content: expect.stringMatching(/^No result/) as string,
  });
  expect(paired[2]).toBe(late);
});

test('a result without a call is quoted, its pictures too', () => {
  const paired = pairTools([
    { role: 'tool', toolCallId: 'x', name: 'weather', content: '晴れ' },
    {
      role: 'tool',
      toolCallId: 'y',
      content: [
        { type: 'text', text: 't' },
        { type: 'image', image: 'data:,' },
      ],
    },
  ]);
  expect(paired[0]).toMatchObject({
    role: 'user',
    content: expect.stringMatching(/"weather".*:\n晴れ$/) as string,
  });
  expect(paired[1]).toMatchObject({
    role: 'user',
    content: [{ type: 'text' }, { type: 'image', image: 'data:,' }],
  });
});

test('an id that is used again belongs to the call before it', () => {
  const paired = pairTools([
    { role: 'assistant', content: '', toolCalls: [call('a')] },
    { role: 'assistant', content: '', toolCalls: [call('a')] },
    { role: 'tool', toolCallId: 'a', content: 'second' },
  ]);
  expect(paired.map((message) => textOf(message))).toEqual([
    '',
    expect.stringMatching(/^No result/),
    '',
    'second',
  ]);
});

test('whatever the history: every call is followed by its results, and no word is lost', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const message = fc.oneof(
    fc.record({ role: fc.constant('user' as const), content: fc.string({ minLength: 1 }) }),
    fc.record({ role: fc.constant('tool' as const), toolCallId: id, content: fc.string({ minLength: 1 }) }),
    fc.record({
      role: fc.constant('assistant' as const),
      content: fc.string(),
      toolCalls: fc.uniqueArray(id, { maxLength: 3 }).map((ids) => ids.map(call)),
    }),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const paired = pairTools(messages);
      for (const [index, item] of paired.entries()) {
        if (item.role !== 'assistant') continue;
        const calls = (item.toolCalls ?? []).map(({ id }) => id);
        const results = paired.slice(index + 1, index + 1 + calls.length);
        expect(results.map((result) => (result.role === 'tool' ? result.toolCallId : undefined))).toEqual(
          calls,
        );
        expect(paired[index + 1 + calls.length]?.role).not.toBe('tool');
      }
      for (const original of messages) {
        expect(paired.some((item) => textOf(item).includes(textOf(original)))).toBe(true);
      }
      expect(pairTools(paired)).toEqual(paired);
    }),
  );
});
