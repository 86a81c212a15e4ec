import { Chain, ProviderError, textOf, trim } from 'katamari';
import { createHandler, type ChainSettings } from 'katamari/server';
import { FakeClock, scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { answerOf, errorOf, eventsOf, get, handlerOver, HELLO, ORIGIN, post } from './ask.ts';

const system = { role: 'system', content: '' } as const;
const SSE = { accept: 'text/event-stream' };
const KEYS = {
  keys: [
    { key: 'key-of-anna-01234', id: 'anna' },
    { key: 'key-of-bert-01234', id: 'bert' },
  ],
};
const anna = { authorization: 'Bearer key-of-anna-01234' };
const bert = { authorization: 'Bearer key-of-bert-01234' };

function remove(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ORIGIN}${path}`, { method: 'DELETE', headers });
}

async function firstChunk(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('no body');
  await reader.read();
  return reader;
}

describe('a run as JSON', () => {
  it('is its result', async () => {
    const handler = handlerOver([{ text: ['Good ', 'day'], usage: { token_in: 5, token_out: 2 } }]);
    const response = await handler(post('/v1/runs', HELLO, { 'x-request-id': 'r-1' }));
    expect(response.headers.get('x-request-id')).toBe('r-1');
    expect(await answerOf(response)).toMatchObject({
      status: 200,
      body: {
        req_id: 'r-1',
        text: 'Good day',
        finishReason: 'stop',
        message: { role: 'assistant', content: 'Good day' },
        toolCalls: [],
        metrics: { scope: 'run', token_in: 5, token_out: 2, compress_ratio: 1 },
      },
    });
    expect(handler.running).toBe(0);
  });

  it('in Japanese is in Japanese', async () => {
    const handler = handlerOver([({ messages }) => `${textOf(messages[0] ?? system)}、はい`]);
    const { body } = await answerOf(
      await handler(post('/v1/runs', { messages: [{ role: 'user', content: '締切は金曜ですか' }] })),
    );
    expect(body).toMatchObject({ text: '締切は金曜ですか、はい' });
  });

  it.each([
    ['authentication', 502],
    ['rate-limited', 429],
    ['overloaded', 503],
    ['timeout', 504],
    ['context-overflow', 400],
  ] as const)('that fails with %s of the provider is %i', async (code, status) => {
    const provider = scriptedProvider([{ error: new ProviderError(code, 'No.', { retryAfterMs: 2500 }) }]);
    const handler = createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none' });
    const response = await handler(post('/v1/runs', HELLO, { 'x-request-id': 'r-1' }));
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await errorOf(response)).toMatchObject({ status, code, message: 'No.', req_id: 'r-1' });
  });

  it('that fails with an error of the program tells the operator, and the client nothing', async () => {
    const errors: unknown[] = [];
    const own = new Error('password=hunter2');
    const provider = scriptedProvider([{ error: own }], { retry: { maxRetries: 0 } });
    const handler = createHandler({
      chains: {
        default: new Chain({ provider }),
        own: () => {
          throw own;
        },
      },
      auth: 'none',
      onError: (error) => errors.push(error),
    });
    for (const chain of ['default', 'own']) {
      const text = await (await handler(post('/v1/runs', { ...HELLO, chain }))).text();
      expect(text).not.toContain('hunter2');
      expect(text).toMatch(/"code":"unknown"/);
    }
    expect(errors).toHaveLength(2);
  });

  it('is stopped when its client leaves', async () => {
    const provider = scriptedProvider([{ text: 'so far', hang: true }]);
    const handler = createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none' });
    const leaving = new AbortController();
    const answer = handler(new Request(post('/v1/runs', HELLO), { signal: leaving.signal }));
    await expect.poll(() => provider.open).toBe(1);
    leaving.abort();
    await answer;
    expect([provider.open, handler.running]).toEqual([0, 0]);
  });

  it('can be stopped by its client, who gets what there is', async () => {
    const handler = handlerOver([{ text: 'so far', hang: true }]);
    const answer = handler(post('/v1/runs', HELLO, { 'x-request-id': 'r-1' }));
    await expect.poll(() => handler.running).toBe(1);
    expect(await answerOf(await handler(remove('/v1/runs/r-1')))).toEqual({
      status: 200,
      body: { req_id: 'r-1', stopped: true },
    });
    expect(await answerOf(await answer)).toMatchObject({ body: { text: 'so far', finishReason: 'aborted' } });
  });

  it('keeps to the limits that it asks for', async () => {
    const handler = handlerOver([{ text: ['word '.repeat(50), 'word '.repeat(50)] }]);
    const { body } = await answerOf(await handler(post('/v1/runs', { ...HELLO, limits: { maxTokens: 40 } })));
    expect(body).toMatchObject({ finishReason: 'limit' });
  });
});

describe('a run as events', () => {
  it('is all of them, numbered, and says where they can be read again', async () => {
    const handler = handlerOver([{ text: ['Good ', 'day'] }]);
    const response = await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' }));
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('content-location')).toBe('/v1/runs/r-1/events');
    expect(response.headers.get('x-request-id')).toBe('r-1');
    const events = await eventsOf(response);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ data }) => data['req_id'] === 'r-1')).toBe(true);
    expect(events.at(-1)?.data).toMatchObject({ type: 'done', finishReason: 'stop' });

    const again = await eventsOf(await handler(get('/v1/runs/r-1/events')));
    expect(again).toEqual(events);
    const header = await eventsOf(
      await handler(get('/v1/runs/r-1/events?after=1', { 'last-event-id': '3' })),
    );
    expect(header).toEqual(events.slice(3));
    expect(await eventsOf(await handler(get('/v1/runs/r-1/events?after=4')))).toEqual(events.slice(4));
    const nothing = await handler(get(`/v1/runs/r-1/events?after=${events.length}`));
    expect([nothing.status, await eventsOf(nothing)]).toEqual([200, []]);
    expect(await answerOf(await handler(remove('/v1/runs/r-1')))).toEqual({
      status: 200,
      body: { req_id: 'r-1', stopped: false },
    });
  });

  it('can be asked for in the body, and asked not to', async () => {
    const handler = handlerOver(['Hi']);
    const events = await handler(post('/v1/runs', { ...HELLO, stream: true }));
    expect(events.headers.get('content-type')).toMatch(/event-stream/);
    const result = await handler(post('/v1/runs', { ...HELLO, stream: false }, SSE));
    expect(result.headers.get('content-type')).toMatch(/json/);
  });

  it.each(['99999999999999999999', '-1', '1.5', '1e3', '0x10', 'last', ' ', '3\u0000'])(
    'from «%s» on is 400',
    async (after) => {
      const handler = handlerOver(['Hi']);
      await eventsOf(await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' })));
      const path = `/v1/runs/r-1/events?after=${encodeURIComponent(after)}`;
      expect(await errorOf(await handler(get(path)))).toMatchObject({ status: 400, code: 'invalid-input' });
    },
  );

  it('from a number on that it has not reached is 400', async () => {
    const handler = handlerOver(['Hi']);
    await eventsOf(await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' })));
    expect((await handler(get('/v1/runs/r-1/events?after=999999999999999'))).status).toBe(400);
  });

  it('goes on without its client for a while, who comes back to the rest', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([{ text: ['one', 'two', 'three'], delayMs: 1000 }]);
    const handler = createHandler({
      chains: { default: new Chain({ provider, clock }) },
      auth: 'none',
      clock,
    });
    const response = await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' }));
    await (await firstChunk(response)).cancel();
    await clock.advance(5000);
    const events = await eventsOf(await handler(get('/v1/runs/r-1/events')));
    expect(events.filter(({ data }) => data['type'] === 'token').map(({ data }) => data['text'])).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(events.at(-1)?.data).toMatchObject({ finishReason: 'stop' });
  });

  it('is aborted when nobody comes back', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([{ text: 'one', hang: true }]);
    const handler = createHandler({
      chains: { default: new Chain({ provider, clock }) },
      auth: 'none',
      clock,
      graceMs: 5000,
    });
    const response = await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' }));
    await (await firstChunk(response)).cancel();
    await clock.advance(4999);
    expect(provider.open).toBe(1);
    await clock.advance(2000);
    expect([provider.open, handler.running]).toEqual([0, 0]);
    const events = await eventsOf(await handler(get('/v1/runs/r-1/events')));
    expect(events.at(-1)?.data).toMatchObject({ type: 'done', finishReason: 'aborted' });
  });

  it('can be stopped, and its readers get the end', async () => {
    const handler = handlerOver([{ text: 'one', hang: true }]);
    const response = await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' }));
    expect((await handler(remove('/v1/runs/r-1'))).status).toBe(200);
    expect((await eventsOf(response)).at(-1)?.data).toMatchObject({ type: 'done', finishReason: 'aborted' });
    expect(handler.running).toBe(0);
  });

  it('ends with an error frame where it fails', async () => {
    const provider = scriptedProvider([
      { text: 'half', error: new ProviderError('connection', 'It broke.') },
    ]);
    const handler = createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none' });
    const response = await handler(post('/v1/runs', HELLO, { ...SSE, 'x-request-id': 'r-1' }));
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(
      /data: \{"type":"error","req_id":"r-1","code":"connection","message":"It broke\.".*\n\n$/,
    );
  });

  it('of an unknown id is 404', async () => {
    const handler = handlerOver(['Hi']);
    expect(await errorOf(await handler(get('/v1/runs/none/events')))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await errorOf(await handler(remove('/v1/runs/none')))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it('of an id that there is already is 409, whichever kind it was', async () => {
    const handler = handlerOver([{ text: 'one', hang: true }]);
    const id = { 'x-request-id': 'r-1' };
    const first = await handler(post('/v1/runs', HELLO, { ...SSE, ...id }));
    expect(await errorOf(await handler(post('/v1/runs', HELLO, { ...SSE, ...id })))).toMatchObject({
      status: 409,
    });
    expect((await handler(post('/v1/runs', HELLO, id))).status).toBe(409);
    await handler(remove('/v1/runs/r-1'));
    await first.text();
    expect((await handler(post('/v1/runs', HELLO, { ...SSE, ...id }))).status).toBe(409);
    expect(handler.running).toBe(0);
  });
});

describe('a run belongs to the key that started it', () => {
  it('so that others can neither read nor stop it, nor learn that it is there', async () => {
    const handler = handlerOver([{ text: 'private', hang: true }, 'Hi'], { auth: KEYS });
    const id = { 'x-request-id': 'r-1' };
    const response = await handler(post('/v1/runs', HELLO, { ...anna, ...SSE, ...id }));
    expect((await handler(get('/v1/runs/r-1/events', bert))).status).toBe(404);
    expect((await handler(remove('/v1/runs/r-1', bert))).status).toBe(404);
    expect((await handler(get('/v1/runs/anna%2Fr-1/events', bert))).status).toBe(404);
    const own = await handler(post('/v1/runs', HELLO, { ...bert, ...SSE, ...id }));
    expect([own.status, (await eventsOf(own)).at(-1)?.data['finishReason']]).toEqual([200, 'stop']);
    expect(handler.running).toBe(1);
    expect((await handler(remove('/v1/runs/r-1', anna))).status).toBe(200);
    expect((await eventsOf(response)).at(-1)?.data).toMatchObject({ finishReason: 'aborted' });
  });

  it('and to every other key of the same client', async () => {
    const keys = { keys: [...KEYS.keys, { key: 'new-key-of-anna-01', id: 'anna' }] };
    const handler = handlerOver(['Hi'], { auth: keys });
    await eventsOf(await handler(post('/v1/runs', HELLO, { ...anna, ...SSE, 'x-request-id': 'r-1' })));
    const again = await handler(get('/v1/runs/r-1/events', { authorization: 'Bearer new-key-of-anna-01' }));
    expect(again.status).toBe(200);
  });
});

describe('what a run asks of its chain', () => {
  it('comes to the factory checked, with the persona looked up', async () => {
    const asked: ChainSettings[] = [];
    const handler = createHandler({
      chains: {
        made: (settings) => {
          asked.push(settings);
          return new Chain({ provider: scriptedProvider(['Hi']) });
        },
      },
      personas: { terse: { name: 'terse' } },
      auth: 'none',
    });
    const body = {
      ...HELLO,
      persona: 'terse',
      provider: 'p',
      model: 'm',
      budget: 500,
      reflect: true,
      variables: { a: 1 },
    };
    expect((await handler(post('/v1/runs', body))).status).toBe(200);
    await handler(
      post('/v1/runs', {
        ...HELLO,
        chain: 'made',
        persona: { name: 'own' },
        budget: { targetTokens: 9, strategy: 'recent' },
      }),
    );
    await handler(post('/v1/runs', { ...HELLO, persona: { yaml: 'name: from yaml' } }));
    expect(asked).toEqual([
      {
        chain: 'made',
        persona: { name: 'terse' },
        provider: 'p',
        model: 'm',
        budget: { targetTokens: 500 },
        reflect: true,
        variables: { a: 1 },
      },
      { chain: 'made', persona: { name: 'own' }, budget: { targetTokens: 9, strategy: 'recent' } },
      { chain: 'made', persona: { name: 'from yaml' } },
    ]);
  });

  it.each(['budget', 'reflect', 'provider', 'model'])(
    'is refused by a chain as it is, by name: %s',
    async (setting) => {
      const value = { budget: 100, reflect: true, provider: 'other', model: 'other' }[setting];
      const error = await errorOf(
        await handlerOver(['Hi'])(post('/v1/runs', { ...HELLO, [setting]: value })),
      );
      expect(error).toMatchObject({ status: 400, code: 'invalid-input' });
      expect(error.message).toContain(setting);
    },
  );

  it('may be what a chain as it is has anyway, or a persona where it has none', async () => {
    const handler = handlerOver([({ messages }) => textOf(messages[0] ?? system).slice(0, 14)]);
    const body = { ...HELLO, provider: 'scripted', model: 'scripted-1', persona: { name: 'own' } };
    expect(await answerOf(await handler(post('/v1/runs', body)))).toMatchObject({
      status: 200,
      body: { text: expect.stringMatching(/^Persona: own/) as string },
    });
  });

  it('is 404 for a chain or persona that is not there, however it is written', async () => {
    const handler = handlerOver(['Hi'], { personas: { terse: { name: 'terse' } } });
    for (const persona of ['nobody', '../terse', '/etc/passwd', '__proto__', 'constructor', 'toString'])
      expect((await handler(post('/v1/runs', { ...HELLO, persona }))).status).toBe(404);
    for (const chain of ['other', '__proto__', 'constructor'])
      expect((await handler(post('/v1/runs', { ...HELLO, chain }))).status).toBe(404);
    for (const path of ['..%2Fterse', '%2e%2e%2fterse', '__proto__', 'terse%00'])
      expect((await handler(get(`/v1/personas/${path}`))).status).toBe(404);
  });

  it('is 422 with the field for a persona that is none', async () => {
    const handler = handlerOver(['Hi']);
    expect(
      await errorOf(await handler(post('/v1/runs', { ...HELLO, persona: { name: 'x', style: 7 } }))),
    ).toMatchObject({ status: 422, code: 'invalid-persona', field: 'style' });
    expect(
      await errorOf(await handler(post('/v1/runs', { ...HELLO, persona: { yaml: 'name: x\nstyle: [' } }))),
    ).toMatchObject({ status: 422, line: expect.any(Number) as number });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefg'
      .split('')
      .map((key, index) => `${key}: &${key} [${`*${'abcdef'[index]},`.repeat(9)}]`)
      .join('\n')}`;
    expect((await handler(post('/v1/runs', { ...HELLO, persona: { yaml: bomb } }))).status).toBe(422);
    expect(
      (await handler(post('/v1/runs', { ...HELLO, persona: { name: 'x', style: 'y'.repeat(1_000_001) } })))
        .status,
    ).toBe(422);
  });

  it('is 422 with the numbers where the budget is impossible', async () => {
    const handler = createHandler({
      chains: {
        default: ({ budget = { targetTokens: 1 } }) =>
          new Chain({ provider: scriptedProvider(['Hi']) }).use(trim(budget)),
      },
      auth: 'none',
    });
    const error = await errorOf(await handler(post('/v1/runs', { ...HELLO, budget: 2 })));
    expect(error).toMatchObject({
      status: 422,
      code: 'budget-impossible',
      targetTokens: 2,
      neededTokens: expect.any(Number) as number,
    });
  });
});
