import { memoryEventLog } from 'katamari/sse';
import { describe, expect, it } from 'vitest';

import { answerOf, eventsOf, get, handlerOver, HELLO, ORIGIN, post } from './ask.ts';

const anna = { authorization: 'Bearer key-of-anna-01234' };
const bert = { authorization: 'Bearer key-of-bert-01234' };
const keys = [
  { key: 'key-of-anna-01234', id: 'anna' },
  { key: 'key-of-bert-01234', id: 'bert/../anna' },
];

describe('two hosts over one log', () => {
  it('know a run that the other executes, for the key that started it alone', async () => {
    const log = memoryEventLog();
    const options = { log, auth: { keys } };
    const [first, second] = [
      handlerOver([{ text: 'one', hang: true }], options),
      handlerOver(['Hi'], options),
    ];
    const request = post('/v1/runs', { ...HELLO, stream: true }, { ...anna, 'x-request-id': 'r-1' });
    const here = await first(request);
    const there = await second(get('/v1/runs/r-1/events', anna));
    expect(there.status).toBe(200);

    const stop = (headers: Readonly<Record<string, string>>) =>
      second(new Request(`${ORIGIN}/v1/runs/r-1`, { method: 'DELETE', headers }));
    expect((await second(get('/v1/runs/r-1/events', bert))).status).toBe(404);
    expect((await stop(bert)).status).toBe(404);
    expect(
      (await second(post('/v1/runs', { ...HELLO, stream: true }, { ...anna, 'x-request-id': 'r-1' }))).status,
    ).toBe(409);
    expect(first.running).toBe(1);
    expect(await answerOf(await stop(anna))).toMatchObject({ body: { stopped: true } });

    const [events, copy] = [await eventsOf(here), await eventsOf(there)];
    expect(copy).toEqual(events);
    expect(events.at(-1)?.data).toMatchObject({ type: 'done', finishReason: 'aborted' });
    expect([first.running, second.running]).toEqual([0, 0]);
  });
});
