import { expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { textOf, type Message } from '../../../src/message.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';

const filler = (about: string, count: number): Message[] =>
  Array.from({ length: count }, (_, n): Message[] => [
    {
      role: 'user',
      content: `Note ${n} about ${about}: the draft of the review says what a reviewer approves or revises.`,
    },
    { role: 'assistant', content: `Noted, number ${n}, with severity and a quote of the draft.` },
  ]).flat();

it('keeps what the question needs in the critique and the final too, whatever their tasks say', async () => {
  const fact = 'The harbour master of Yokohama is called Ichiro Tanabe.';
  const messages: Message[] = [
    ...filler('reviews', 10),
    { role: 'user', content: fact },
    { role: 'assistant', content: 'Thank you.' },
    ...filler('verdicts', 40),
    { role: 'user', content: 'Who is the harbour master of Yokohama?' },
  ];
  const revise =
    '{"verdict":"revise","issues":[{"severity":"major","problem":"name the reviewer of the draft"}]}';
  const provider = scriptedProvider(['I do not know.', revise, 'Ichiro Tanabe.']);
  const chain = new Chain({ provider }).use(trim({ targetTokens: 1000 })).use(reflect());
  await chain.stream({ messages }).result();
  expect(provider.requests).toHaveLength(3);
  for (const request of provider.requests) expect(request.messages.map(textOf)).toContain(fact);
});
