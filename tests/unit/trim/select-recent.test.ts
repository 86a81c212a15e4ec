import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { Message } from '../../../src/message.ts';
import { splitUnits } from '../../../src/trim/split-units.ts';
import { trimMessages } from '../../../src/trim/trim-messages.ts';
import { always, attempt, keptIndices, options, wholeIndices } from './attempts.ts';
import { countingCosts, requests } from './histories.ts';

const round = (id: string): Message[] => [
  { role: 'assistant', content: '', toolCalls: [{ id, name: 'look', arguments: '{}' }] },
  { role: 'tool', toolCallId: id, content: 'found '.repeat(40) },
];
const turn = (n: number): Message[] => [
  { role: 'user', content: `question ${n}` },
  { role: 'assistant', content: `answer ${n} ${'and so on '.repeat(20)}` },
];

describe('recent', () => {
  it('keeps a superset with a larger budget', () => {
    fc.assert(
      fc.property(requests, options, fc.integer({ min: 0, max: 500 }), (request, chosen, more) => {
        const small = attempt(request, { ...chosen, strategy: 'recent' });
        if (small instanceof BudgetImpossibleError) return;
        const large = attempt(request, {
          ...chosen,
          strategy: 'recent',
          targetTokens: chosen.targetTokens + more,
        });
        const kept = large instanceof BudgetImpossibleError ? [] : wholeIndices(large);
        expect(kept).toEqual(expect.arrayContaining(wholeIndices(small)));
      }),
      { numRuns: 600 },
    );
  });

  it('leaves no hole between the oldest kept turn and the current one', () => {
    always(({ messages }, result, { priorityRoles, strategy }) => {
      const applies = strategy === 'recent' && (priorityRoles ?? []).length === 0 && result.changed;
      const { turns } = splitUnits(messages);
      const recent = new Set(
        result.report.messages.filter(({ why }) => why === 'recent').map(({ index }) => index),
      );
      const touched = turns.map(({ units }) =>
        units.some(({ indices }) => indices.some((index) => recent.has(index))),
      );
      const oldest = touched.indexOf(true);
      const kept = new Set(keptIndices(result));
      const between = turns
        .slice(oldest + 1, -1)
        .flatMap(({ units }) => units.filter(({ kind }) => kind !== 'orphan'));
      const holes = between.flatMap(({ indices }) => indices.filter((index) => !kept.has(index)));
      expect(applies && oldest !== -1 ? holes : []).toEqual([]);
    });
  });

  it('begins with a user message where one can lead', () => {
    always(({ messages }, result, { strategy }) => {
      const lead = result.messages.find(({ role }) => role !== 'system');
      const applies = strategy === 'recent' && result.changed && lead !== undefined && lead.role !== 'user';
      // Only what must stay, and stands before the first user message or behind a huge one, may come first; or there is no user.
      const why = result.report.messages.find(({ index }) => messages[index] === lead)?.why ?? '';
      const hasUser = messages.some(({ role }) => role === 'user');
      expect(applies && !['pinned', 'current-turn'].includes(why) && hasUser).toBe(false);
    });
  });

  it('keeps the newest units of a turn that does not fit whole, with its question', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Find it.' },
      ...round('a'),
      ...round('b'),
      { role: 'assistant', content: 'Found.' },
      { role: 'user', content: 'Thanks. And now?' },
    ];
    const costs = countingCosts();
    const target = costs.request({ messages }) - 30;
    const result = trimMessages({ messages }, { targetTokens: target, strategy: 'recent', counter: costs });
    expect(keptIndices(result)).toEqual([0, 1, 4, 5, 6, 7]);
  });

  it('keeps priority roles before the rest, after the last turns', () => {
    const messages = [1, 2, 3, 4, 5].flatMap(turn).concat({ role: 'user', content: 'last' });
    const costs = countingCosts();
    // Between two questions a stub stands for the answer.
    const counted = (kept: number[]): number =>
      costs.request({
        messages: messages.map((message, index) =>
          kept.includes(index) ? message : { role: 'assistant', content: '[…]' },
        ),
      });
    const wanted = [0, 2, 4, 6, 8, 9, 10];
    const result = trimMessages(
      { messages },
      {
        targetTokens: counted(wanted),
        strategy: 'recent',
        priorityRoles: ['user'],
        minTurns: 1,
        counter: costs,
      },
    );
    expect(wholeIndices(result)).toEqual(wanted);
    expect(result.report.messages.map(({ why }) => why)).toEqual([
      'priority-role',
      'gap',
      'priority-role',
      'gap',
      'priority-role',
      'gap',
      'priority-role',
      'gap',
      'min-turns',
      'min-turns',
      'current-turn',
    ]);
  });
});
