// What one trim costs: messages of about 65 tokens, a budget of 4,096, medians in milliseconds. Cold: nothing was counted before.
// Warm: one turn more than at the call before, with the same counter and index, as in a conversation.
//
//   npx node --conditions=@katamari/source bench/trim.ts
import { loadEncoding, RequestCounter } from 'katamari/tokens';

import type { Message } from '../src/message.ts';
import { UnitIndex } from '../src/trim/relevant/unit-index.ts';
import { FactBook } from '../src/trim/retention/fact-retention.ts';
import { runTrim } from '../src/trim/run-trim.ts';
import { planTrim, type TrimStrategy } from '../src/trim/trim-options.ts';

const names = [
  'Anna',
  'Kenji',
  'Lisbon',
  'Osaka',
  'hotel',
  'train',
  'invoice',
  'garden',
  'printer',
  'recipe',
];

function message(n: number): Message {
  const [one, other] = [names[n % 10] ?? '', names[(n * 7 + 3) % 10] ?? ''];
  const content =
    `Message ${n}: I talked with ${one} about the ${other} again, and we think that the plan for next week is fine as it is. ` +
    `It costs ${(n * 13) % 997} euros, which is a little more than what we had before, but ${one} does not mind. ` +
    'So let us go on with it and see what happens after that.';
  return { role: n % 2 === 0 ? 'user' : 'assistant', content };
}

const o200k = await loadEncoding('o200k_base');
const question: Message = { role: 'user', content: 'What did Kenji say about the invoice for Lisbon?' };

function milliseconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? 0;
}

function measure(strategy: TrimStrategy, size: number): { cold: number; warm: number } {
  const plan = planTrim({ targetTokens: 4096, strategy });
  const [cold, warm]: [number[], number[]] = [[], []];
  for (let round = 0; round < (size > 20_000 ? 3 : 7); round += 1) {
    const messages = Array.from({ length: size }, (_, n) => message(n));
    const means = { costs: new RequestCounter(o200k), facts: new FactBook(), index: new UnitIndex() };
    cold.push(milliseconds(() => runTrim({ messages: [...messages, question] }, plan, means)));
    const longer = [...messages, question, message(size + 1), question];
    warm.push(milliseconds(() => runTrim({ messages: longer }, plan, means)));
  }
  return { cold: median(cold), warm: median(warm) };
}

console.log('strategy   messages      cold      warm   (ms)');
for (const strategy of ['recent', 'relevant'] as const) {
  measure(strategy, 1000);
  for (const size of [100, 1000, 10_000, 100_000]) {
    const { cold, warm } = measure(strategy, size);
    console.log(
      strategy.padEnd(9),
      String(size).padStart(9),
      cold.toFixed(1).padStart(9),
      warm.toFixed(1).padStart(9),
    );
  }
}
