import { Chain, reflect, trim, type ChainEvent, type Message } from 'katamari';
import { local } from 'katamari/local';
import { FakeClock, providerError, scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { applyEvent, endRun } from '../../../playground/src/run/apply-event.ts';
import { answerOf, emptyRun, isUnderWay, type RunView } from '../../../playground/src/run/run-view.ts';

const messages: Message[] = [
  { role: 'user', content: 'The launch is on Tuesday.' },
  { role: 'assistant', content: 'Noted.' },
  { role: 'user', content: 'The launch moves to Wednesday, since Tuesday is a holiday.' },
  { role: 'assistant', content: 'Noted.' },
  { role: 'user', content: 'When is the launch, and why?' },
];

async function view(events: AsyncIterable<ChainEvent>): Promise<RunView> {
  let run = emptyRun;
  let at = 0;
  for await (const event of events) run = applyEvent(run, event, at++);
  return run;
}

describe('a run on the screen', () => {
  it('holds the phases of a reflection, its figures and its spans', async () => {
    const chain = new Chain({ provider: local() }).use(trim({ targetTokens: 2000 })).use(reflect());
    const run = chain.stream({ messages });
    const seen = await view(run);
    const { text, metrics } = await run.result();
    expect(answerOf(seen)).toBe(text);
    expect(seen.status).toBe('done');
    expect(seen.metrics).toEqual({ ...metrics, type: 'metrics', req_id: run.req_id });
    expect(seen.phases[0]).toMatchObject({ phase: 'draft', status: 'done', answer: false });
    expect(seen.history?.messages).toHaveLength(messages.length);
    expect(seen.spans.every(({ latencyMs }) => latencyMs !== null)).toBe(true);
    expect(isUnderWay(seen)).toBe(false);
  });

  it('marks what was shown and is void, and counts the retry', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([{ text: 'Half an ans', error: providerError('server') }, 'Whole.']);
    const reading = view(new Chain({ provider, clock, random: () => 0 }).stream({ messages }));
    await clock.advance(2000);
    const seen = await reading;
    expect(seen.phases.map(({ status, text }) => [status, text])).toEqual([
      ['void', 'Half an ans'],
      ['done', 'Whole.'],
    ]);
    expect(seen.retries).toHaveLength(1);
    expect(answerOf(seen)).toBe('Whole.');
  });

  it('keeps the text of a run that is lost, with nothing left as if it were being written', async () => {
    let run = emptyRun;
    const chain = new Chain({ provider: scriptedProvider([{ text: ['One ', 'two'] }]) });
    for await (const event of chain.stream({ messages })) {
      if (event.type === 'attempt-end') break;
      run = applyEvent(run, event, 0);
    }
    const lost = endRun(run, 'lost', { code: 'not-found', message: 'No such run.' });
    expect(answerOf(run)).toBe('One two');
    expect(lost.phases).toMatchObject([{ status: 'failed', text: 'One two' }]);
    expect(isUnderWay(lost)).toBe(false);
  });
});
