import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BudgetImpossibleError } from '../../../src/errors.ts';
import type { Message } from '../../../src/message.ts';
import { Basket } from '../../../src/trim/basket.ts';
import { CostLedger } from '../../../src/trim/cost-ledger.ts';
import { protect } from '../../../src/trim/protect.ts';
import { Sides } from '../../../src/trim/sides.ts';
import { splitUnits } from '../../../src/trim/split-units.ts';
import { trimMessages } from '../../../src/trim/trim-messages.ts';
import { always, attempt, keptIndices, options, strategies, wholeIndices, type Options } from './attempts.ts';
import { countingCosts, deepFreeze, pairsOf, requests } from './histories.ts';

const isSaid = ({ role }: Message): boolean => role !== 'system';

describe('what always holds', () => {
  it('fits the budget, counted on the whole request', () => {
    always((request, { messages, report }, { targetTokens }) => {
      const total = countingCosts().request({ ...request, messages });
      expect(total).toBeLessThanOrEqual(targetTokens);
      expect(report.tokensAfter).toBe(total);
      expect(report.tokensBefore).toBe(countingCosts().request(request));
    });
  });

  it('keeps system messages, pinned ones and the current turn', () => {
    always(({ messages }, result) => {
      const kept = new Set(keptIndices(result));
      const lastUser = messages.findLastIndex(({ role }) => role === 'user');
      const missing = messages.filter((message, index) => {
        const must =
          message.role === 'system' || message.pinned === true || (lastUser !== -1 && index >= lastUser);
        return must && !kept.has(index);
      });
      expect(missing).toEqual([]);
      expect(result.messages.some(isSaid)).toBe(messages.some(isSaid));
    });
  });

  it('keeps tool calls and their results together', () => {
    always(({ messages }, result) => {
      const kept = new Set(wholeIndices(result));
      for (const [call, found] of pairsOf(messages)) expect(kept.has(call)).toBe(kept.has(found));
    });
  });

  it('begins with the user, and lets the sides alternate where they did', () => {
    always(({ messages }, { report, changed }) => {
      if (!changed) return;
      const stays = report.messages.filter(({ fate, role }) => fate !== 'dropped' && role !== 'system');
      for (const [at, { index, role }] of stays.entries()) {
        const before = stays[at - 1];
        const gone = messages.slice((before?.index ?? -1) + 1, index);
        const isUser = role === 'user';
        const isSameSide = before === undefined ? !isUser : isUser === (before.role === 'user');
        // Somebody of the other side spoke between the two, and nothing of it is left.
        const lost = gone.some((message) => message.role === (isUser ? 'assistant' : 'user'));
        expect(isSameSide && lost).toBe(false);
      }
    });
  });

  it('keeps a superset with a budget at least twice as large', () => {
    let larger = 0;
    fc.assert(
      fc.property(requests, options, fc.nat(600), (request, chosen, more) => {
        if (typeof chosen.strategy === 'function') return;
        const small = attempt(request, chosen);
        if (small instanceof BudgetImpossibleError) return;
        const large = attempt(request, { ...chosen, targetTokens: chosen.targetTokens * 2 + more });
        if (large instanceof BudgetImpossibleError) throw large;
        const kept = new Set(wholeIndices(large));
        expect(wholeIndices(small).filter((index) => !kept.has(index))).toEqual([]);
        larger += wholeIndices(large).length - wholeIndices(small).length;
      }),
      { numRuns: 600 },
    );
    expect(larger).toBeGreaterThan(100);
  });

  it('keeps the order, and the very messages', () => {
    always(({ messages }, result) => {
      const kept = keptIndices(result);
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(result.messages).toHaveLength(kept.length);
      for (const [place, index] of kept.entries()) {
        const isWhole = result.report.messages[index]?.fate === 'kept';
        expect(result.messages[place] === messages[index]).toBe(isWhole);
        expect(result.messages[place]?.role).toBe(messages[index]?.role);
      }
    });
  });

  it('changes nothing in a trimmed history', () => {
    always((request, { messages }, chosen) => {
      const again = trimMessages({ ...request, messages }, { ...chosen, counter: countingCosts() });
      expect(again.messages).toBe(messages);
      expect(again.changed).toBe(false);
    });
  });

  it('gives the same result for the same input', () => {
    always((request, result, chosen) => {
      expect(attempt(structuredClone(request), chosen)).toEqual(result);
    });
  });

  it('gives the same array back when nothing has to go, and only then', () => {
    always((request, result, { targetTokens }) => {
      const fits = countingCosts().request(request) <= targetTokens;
      expect(result.messages === request.messages).toBe(fits);
      expect(result.changed).toBe(!fits);
    });
  });

  it('says why of every message', () => {
    always(({ messages }, { report }) => {
      expect(report.messages.map(({ index, role }) => [index, role])).toEqual(
        messages.map(({ role }, index) => [index, role]),
      );
      for (const { why } of report.messages) expect(why).toMatch(/^[a-z-]+( [01]\.\d\d)?$/);
    });
  });

  it('refuses exactly when what must stay is over the budget, with the numbers', () => {
    fc.assert(
      fc.property(requests, options, (request, chosen) => {
        const units = splitUnits(request.messages);
        const why = protect(request.messages, units);
        const ledger = new CostLedger(request, countingCosts());
        const basket = new Basket({
          ledger,
          sides: new Sides(request.messages),
          protectedWhy: why,
          limit: 0,
        });
        const stubs = basket.stubs();
        const messages = request.messages.flatMap((message, index) =>
          why[index] === undefined ? (stubs.get(index) ?? []) : [message],
        );
        const needed = countingCosts().request({ ...request, messages });
        const result = attempt(request, chosen);
        expect(result instanceof BudgetImpossibleError).toBe(needed > chosen.targetTokens);
        if (!(result instanceof BudgetImpossibleError)) return;
        expect([result.targetTokens, result.neededTokens]).toEqual([chosen.targetTokens, needed]);
        const kept = trimMessages(request, { ...chosen, onImpossible: 'keep', counter: countingCosts() });
        expect(kept.messages).toEqual(messages);
      }),
      { numRuns: 400 },
    );
  });
});

const long = (turns: number): Message[] =>
  Array.from({ length: turns }, (_, n): Message[] => [
    { role: 'user', content: `question ${n} 質問` },
    { role: 'assistant', content: `answer ${n} ${'word '.repeat(40)}` },
  ]).flat();

describe('the cost of a trim', () => {
  it.each(strategies)(
    'asks at most once for a bound and once for a count of each message: %s',
    (strategy) => {
      for (const turns of [10, 100, 1000]) {
        const costs = countingCosts();
        trimMessages({ messages: long(turns) }, { targetTokens: 400, strategy, counter: costs });
        expect(costs.bounded).toBeLessThanOrEqual(turns * 2);
        // And once for each of the two stubs.
        expect(costs.counted).toBeLessThanOrEqual(turns * 2 + 6);
      }
    },
  );

  it.each([
    ['recent', 400],
    ['relevant', 2000],
  ] as const)('counts only what decides once the history is long: %s', (strategy, most) => {
    const costs = countingCosts();
    const { report } = trimMessages(
      { messages: long(10_000) },
      { targetTokens: 2000, strategy, counter: costs },
    );
    expect(costs.counted).toBeLessThan(most);
    expect(report.estimated).toBe(true);
    const truth = countingCosts().request({ messages: long(10_000) });
    expect(Math.abs(report.tokensBefore - truth) / truth).toBeLessThan(0.05);
  });

  it('counts a sample for the account when everything surely fits', () => {
    const costs = countingCosts();
    trimMessages({ messages: long(10_000) }, { targetTokens: Infinity, counter: costs });
    expect(costs.counted).toBeLessThan(300);
  });
});

describe('options', () => {
  it.each([
    [{ targetTokens: 0 }, 'targetTokens'],
    [{ targetTokens: Number.NaN }, 'targetTokens'],
    [{ targetTokens: 10, minTurns: -1 }, 'minTurns'],
    [{ targetTokens: 10, strategy: 'newest' }, 'strategy'],
    [{ targetTokens: 10, priorityRoles: ['boss'] }, 'priorityRoles'],
    [{ targetTokens: 10, onImpossible: 'hope' }, 'onImpossible'],
  ])('names the option that will not do: %o', (bad, name) => {
    const run = (): unknown =>
      trimMessages({ messages: [] }, { ...(bad as Options), counter: countingCosts() });
    expect(run).toThrow(name);
  });
});

describe('markGaps', () => {
  it('says where messages are left out, inside the budget, in both languages', () => {
    const messages: Message[] = [
      ...Array.from({ length: 20 }, (_, n): Message => ({
        role: n % 2 === 0 ? 'user' : 'assistant',
        content: 'filler '.repeat(30),
      })),
      { role: 'user', content: 'short' },
    ];
    const english = trimMessages(messages, {
      targetTokens: 200,
      strategy: 'recent',
      markGaps: true,
      counter: countingCosts(),
    });
    expect(english.messages[0]?.role).toBe('system');
    expect(english.messages[0]?.content).toMatch(/^\[\d+ messages are left out here\]$/);
    const asked: Message[] = [...messages.slice(0, -1), { role: 'user', content: 'どうですか？' }];
    const japanese = trimMessages(asked, {
      targetTokens: 200,
      strategy: 'recent',
      markGaps: true,
      counter: countingCosts(),
    });
    expect(japanese.messages[0]?.content).toMatch(/^［ここで\d+件の発言を省略しています］$/);
  });

  it('counts no note for what is left out at the very end', () => {
    const called = (id: string, content: string): Message => ({
      role: 'assistant',
      content,
      toolCalls: [{ id, name: 'look', arguments: '{}' }],
    });
    const messages: Message[] = [
      called('c', 'word '.repeat(40)),
      called('a', ''),
      { role: 'tool', toolCallId: 'a', content: '' },
      { role: 'tool', toolCallId: 'c', content: 'word '.repeat(40) },
    ];
    const { messages: kept, report } = trimMessages(messages, {
      targetTokens: 80,
      strategy: 'recent',
      markGaps: true,
      counter: countingCosts(),
    });
    expect(report.tokensAfter).toBe(countingCosts().request({ messages: kept }));
  });

  it('keeps what always holds', () => {
    fc.assert(
      fc.property(requests, options, (request, chosen) => {
        const result = attempt(deepFreeze(request), { ...chosen, markGaps: true });
        if (result instanceof BudgetImpossibleError) return;
        const total = countingCosts().request({ ...request, messages: result.messages });
        expect(total).toBeLessThanOrEqual(chosen.targetTokens);
        expect(result.report.tokensAfter).toBe(total);
        const again = attempt({ ...request, messages: result.messages }, { ...chosen, markGaps: true });
        expect(again).toHaveProperty('messages', result.messages);
      }),
      { numRuns: 300 },
    );
  });
});

describe('minFactRetention', () => {
  const messages: Message[] = [
    {
      role: 'user',
      content: `The booking is AB-1234, for 3 people, on 2024-05-02. ${'And so on. '.repeat(20)}`,
    },
    { role: 'assistant', content: 'Noted.' },
    { role: 'user', content: 'Tell me a joke.' },
  ];
  const base = { targetTokens: 40, strategy: 'recent', minFactRetention: 0.9 } as const;

  it('warns', () => {
    const { report } = trimMessages(messages, { ...base, counter: countingCosts() });
    expect(report.facts?.kinds).toMatchObject({ id: { before: 1, kept: 0 } });
    expect(report.issues.map(({ code }) => code)).toEqual(['fact-loss']);
  });

  it('throws', () => {
    expect(() => trimMessages(messages, { ...base, onLoss: 'throw', counter: countingCosts() })).toThrow(
      /minFactRetention/,
    );
  });

  it('widens the budget as far as it must, and no further than it may', () => {
    const widened = trimMessages(messages, {
      ...base,
      onLoss: 'widen',
      widenTo: 400,
      counter: countingCosts(),
    });
    expect(widened.messages).toBe(messages);
    expect(widened.report.issues.map(({ code }) => code)).toEqual(['budget-widened']);
    const { report } = trimMessages(messages, {
      ...base,
      onLoss: 'widen',
      widenTo: 50,
      counter: countingCosts(),
    });
    expect(report.tokensAfter).toBeLessThanOrEqual(50);
    expect(report.issues.map(({ code }) => code)).toEqual(['fact-loss']);
  });
});
