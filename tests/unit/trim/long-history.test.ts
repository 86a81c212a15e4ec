import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Message } from '../../../src/message.ts';
import { HistoryIndex } from '../../../src/trim/history-index.ts';
import { FactBook } from '../../../src/trim/retention/fact-retention.ts';
import { runTrim } from '../../../src/trim/run-trim.ts';
import { splitUnits, UnitBook } from '../../../src/trim/split-units.ts';
import { trimMessages } from '../../../src/trim/trim-messages.ts';
import { planTrim, type CustomStrategy } from '../../../src/trim/trim-options.ts';
import { countingCosts, requests } from './histories.ts';

const SUBJECTS = ['deploys', 'invoices', 'flights', '請求書', '会議の予定', 'backups', '天気'];

function chat(size: number): Message[] {
  return Array.from({ length: size }, (_, place): Message => {
    const subject = SUBJECTS[(place >> 1) % SUBJECTS.length] ?? '';
    if (place === size - 1) return { role: 'user', content: '請求書 and deploys: what was said in 4711?' };
    return place % 2 === 0
      ? { role: 'user', content: `What about ${subject} in ${place}?` }
      : { role: 'assistant', content: `The ${subject} of ${place} are done, twelve of them were late.` };
  });
}

const oldest: CustomStrategy = ({ messages }) => messages.keys();

describe('a hundred thousand messages', () => {
  const [short, long] = [chat(10_001), chat(100_001)];

  it.each(['relevant', 'recent', 'extract', oldest] as const)(
    'costs no more than ten times ten thousand: %s',
    (strategy) => {
      const operations = [short, long].map((messages) => {
        const costs = countingCosts();
        const { messages: kept, report } = trimMessages(messages, {
          targetTokens: 2000,
          strategy,
          counter: costs,
        });
        expect(report.tokensAfter).toBeLessThanOrEqual(2000);
        expect(kept.at(-1)).toBe(messages.at(-1));
        expect(report.messages).toHaveLength(messages.length);
        return costs.counted + costs.bounded;
      });
      expect(operations[1]).toBeLessThan(10.5 * (operations[0] ?? 0));
      // A strategy of the caller's has every message tried that it names; else what is counted depends on the budget and a sample alone.
      if (typeof strategy === 'string') expect(operations[1]).toBeLessThan(4000);
    },
  );

  it('cuts a history as one that is read at once', () => {
    fc.assert(
      fc.property(requests, requests, fc.nat(60), ({ messages }, { messages: others }, at) => {
        const book = new UnitBook();
        for (const history of [
          messages,
          [...messages.slice(0, at), ...others],
          messages.slice(0, at),
          messages,
        ]) {
          const { turns, all, unitOf, turnOf, staying, hasOrphans, abouts } = book.read(history);
          const shape = turns.map(({ head, units }) => ({ head, units }));
          const fresh = splitUnits(history);
          expect(shape).toEqual(fresh.turns.map(({ head, units }) => ({ head, units })));
          expect({ all, unitOf, turnOf, staying, hasOrphans, abouts }).toEqual({
            all: fresh.all,
            unitOf: fresh.unitOf,
            turnOf: fresh.turnOf,
            staying: fresh.staying,
            hasOrphans: fresh.hasOrphans,
            abouts: fresh.abouts,
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads only what is new', () => {
    let reads = 0;
    const watched = chat(2001).map((message): Message => {
      const { content } = message;
      return Object.defineProperty({ ...message }, 'content', {
        enumerable: true,
        get() {
          reads += 1;
          return content;
        },
      });
    });
    const means = { costs: countingCosts(), facts: new FactBook(), index: new HistoryIndex() };
    const plan = planTrim({ targetTokens: 500, measureFacts: false });
    runTrim({ messages: watched.slice(0, 1999) }, plan, means);
    reads = 0;
    runTrim({ messages: watched }, plan, means);
    expect(reads).toBeLessThan(1000);
  });
});

it('measures facts when they are asked for, and once', () => {
  let reads = 0;
  const book = new FactBook();
  const facts = {
    retention: (...asked: Parameters<FactBook['retention']>) => ((reads += 1), book.retention(...asked)),
  };
  const plan = planTrim({ targetTokens: 300 });
  const { report } = runTrim({ messages: chat(201) }, plan, {
    costs: countingCosts(),
    facts: facts as FactBook,
  });
  expect(reads).toBe(0);
  expect(report.facts?.kinds.number?.before).toBeGreaterThan(50);
  expect(JSON.parse(JSON.stringify(report))).toEqual({ ...report });
  expect(reads).toBe(1);
});
