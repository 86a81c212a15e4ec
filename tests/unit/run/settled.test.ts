import { expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { AttemptEndEvent } from '../../../src/event.ts';
import type { ChatRequest } from '../../../src/request.ts';
import type { Step } from '../../../src/step.ts';
import { FakeClock } from '../../../src/testing/fake-clock.ts';
import { providerError, scriptedProvider } from '../../../src/testing/scripted-provider.ts';

interface Told {
  readonly end: AttemptEndEvent;
  readonly sent: { readonly request: ChatRequest; readonly model: string };
}

function listening(told: Told[]): Step {
  return {
    name: 'listening',
    stage: 'call',
    wrap: (next) => (request, context) =>
      next(
        { ...request, temperature: 0 },
        { ...context, settled: (end, sent) => void told.push({ end, sent }) },
      ),
  };
}

const messages = [{ role: 'user', content: 'Hello' } as const];

it('tells of every attempt once, with what was sent and what was billed', async () => {
  const told: Told[] = [];
  const clock = new FakeClock();
  const usage = { token_in: 7, token_out: 2 };
  const provider = scriptedProvider([{ error: providerError() }, { text: 'Hi', usage }]);
  const result = new Chain({ provider, clock })
    .use(listening(told))
    .stream({ messages, model: 'm' })
    .result();
  await clock.advance(2000);
  await result;
  expect(told.map(({ end }) => [end.attempt, end.outcome, end.usage])).toEqual([
    [1, 'failed', null],
    [2, 'completed', usage],
  ]);
  for (const { sent } of told)
    expect(sent).toEqual({ request: { messages, model: 'm', temperature: 0 }, model: 'm' });
});

it('tells of an attempt that the consumer has left', async () => {
  const told: Told[] = [];
  const provider = scriptedProvider([{ text: ['one', 'two'], hang: true }]);
  const run = new Chain({ provider }).use(listening(told)).stream({ messages });
  for await (const text of run.tokens()) if (text === 'one') break;
  await run.result().catch(() => undefined);
  expect(told.map(({ end, sent }) => [end.outcome, sent.model])).toEqual([['aborted', 'scripted-1']]);
});
