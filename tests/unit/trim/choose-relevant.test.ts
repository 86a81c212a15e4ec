import { describe, expect, it } from 'vitest';

import type { Message } from '../../../src/message.ts';
import { trimMessages } from '../../../src/trim/trim-messages.ts';
import { countingCosts } from './histories.ts';

const chat = (said: readonly string[]): Message[] =>
  said.flatMap((content, n): Message[] => [
    { role: 'user', content },
    { role: 'assistant', content: `Noted, number ${n}. ${'That sounds good to me. '.repeat(6)}` },
  ]);
const fillers = Array.from(
  { length: 40 },
  (_, n) => `Another thing ${n}: the weather was fine and we walked a lot in the park.`,
);

describe('relevant', () => {
  it.each([
    ['The parcel from Lisbon has the tracking number ZX-4711.', 'What was the tracking number of my parcel?'],
    ['リスボンからの荷物の追跡番号はZX-4711です。', '荷物の追跡番号は何でしたか？'],
  ])('finds what the question asks for, far back: %s', (fact, question) => {
    const messages = [...chat([...fillers, fact, ...fillers]), { role: 'user', content: question } as const];
    const { messages: kept, report } = trimMessages(
      { messages },
      { targetTokens: 500, counter: countingCosts() },
    );
    expect(kept).toContainEqual({ role: 'user', content: fact });
    expect(report.messages[80]?.why).toMatch(/^relevant [01]\.\d\d$/);
    expect(report.tokensAfter).toBeGreaterThan(400);
  });

  it.each([
    ['Which parcel has the tracking number ZX-4711?', 'And when does it arrive?'],
    ['追跡番号ZX-4711の荷物はどれですか？', 'それはいつ届きますか？'],
  ])('follows a reference back: %s %s', (before, question) => {
    const fact = 'ZX-4711: Lisbon, リスボン';
    const messages = [
      ...chat([...fillers, fact, ...fillers, before]),
      { role: 'user', content: question } as const,
    ];
    const { messages: kept } = trimMessages({ messages }, { targetTokens: 500, counter: countingCosts() });
    expect(kept).toContainEqual({ role: 'user', content: fact });
  });

  it('keeps what was said last, where it is short', () => {
    const messages: Message[] = [
      ...chat(fillers),
      { role: 'user', content: 'A walk, or the pool?' },
      { role: 'assistant', content: 'The pool.' },
      { role: 'user', content: 'How was the weather in the park, and why?' },
    ];
    const { report } = trimMessages({ messages }, { targetTokens: 600, counter: countingCosts() });
    expect(report.messages.slice(-3).map(({ fate }) => fate)).toEqual(['kept', 'kept', 'kept']);
    const without = trimMessages({ messages }, { targetTokens: 600, minTurns: 0, counter: countingCosts() });
    expect(without.report.messages.at(-2)?.fate).not.toBe('kept');
  });

  it('lets a long document wait, and keeps the others where it has no room', () => {
    const messages: Message[] = [
      { role: 'user', content: `The boiler manual: ${'boiler pressure valve '.repeat(400)}` },
      { role: 'assistant', content: 'I have read the manual of the boiler.' },
      ...chat(['The boiler makes noise since Monday.', ...fillers]),
      { role: 'user', content: 'What noise does the boiler make since Monday?' },
    ];
    const small = trimMessages(messages, { targetTokens: 700, counter: countingCosts() });
    expect(small.report.messages[2]?.fate).toBe('kept');
    expect(small.report.messages[0]?.fate).not.toBe('kept');
    const large = trimMessages(messages, { targetTokens: 4500, counter: countingCosts() });
    expect(large.report.messages[0]?.fate).toBe('kept');
  });

  it('takes the query it is given', () => {
    const messages = [
      ...chat([...fillers, 'My cat is called Momo.', ...fillers]),
      { role: 'user', content: 'Go on.' } as const,
    ];
    for (const query of ['cat', () => 'cat']) {
      const { messages: kept } = trimMessages(
        { messages },
        { targetTokens: 500, query, counter: countingCosts() },
      );
      expect(kept).toContainEqual({ role: 'user', content: 'My cat is called Momo.' });
    }
  });

  it('finds what a tool returned, with its call and the question it served', () => {
    const round: Message[] = [
      { role: 'user', content: 'Look into the order, please.' },
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'order', arguments: '{"id":7}' }] },
      { role: 'tool', toolCallId: 'c1', content: '{"carrier":"Yamato","depot":"Nagoya"}' },
    ];
    const messages = [
      ...chat(fillers),
      ...round,
      ...chat(fillers),
      { role: 'user', content: 'Which depot in Nagoya?' } as const,
    ];
    const { messages: kept } = trimMessages(
      { messages },
      { targetTokens: 450, minTurns: 0, counter: countingCosts() },
    );
    expect(kept).toEqual(expect.arrayContaining(round.slice(1)));
    expect(kept[0]?.role).toBe('user');
  });
});

describe('extract', () => {
  const said = [
    'We talked for an hour. '.repeat(10),
    'The tracking number of the parcel is ZX-4711. ',
    'Then we went home and slept. '.repeat(10),
    '荷物の追跡番号はZX-9000です。',
    'それから家に帰って寝ました。'.repeat(10),
  ].join('');
  const messages: Message[] = [
    { role: 'user', name: 'Anna', content: said },
    ...chat(fillers),
    { role: 'user', content: 'Parcel tracking number? 荷物の追跡番号は？' },
  ];

  it('keeps the sentences that matter of a message that is too long', () => {
    const { messages: kept, report } = trimMessages(messages, {
      targetTokens: 150,
      strategy: 'extract',
      minTurns: 0,
      counter: countingCosts(),
    });
    const shortened = kept.find(({ name }) => name === 'Anna');
    expect(shortened?.content).toContain('ZX-4711. … 荷物の追跡番号はZX-9000です。');
    expect(shortened?.content.length).toBeLessThan(120);
    expect(report.messages[0]).toMatchObject({ fate: 'shortened', why: 'extract' });
    expect(report.tokensAfter).toBe(countingCosts().request({ messages: kept }));
    expect(report.tokensAfter).toBeLessThanOrEqual(150);
    expect(messages[0]?.content).toBe(said);
  });
});
