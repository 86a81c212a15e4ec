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
    expect(report.messages.at(-3)?.why).toMatch(/^(min-turns|relevant .*)$/);
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
