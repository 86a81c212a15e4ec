import { Chain } from 'katamari';
import { parsePersona } from 'katamari/persona';
import { createHandler, type HandlerOptions } from 'katamari/server';
import { scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { answerOf, errorOf, eventsOf, get, handlerOver, HELLO, ORIGIN, post } from './ask.ts';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('paths and methods', () => {
  it('that are not there are 404, and 405 says which there are', async () => {
    const handler = handlerOver(['Hi']);
    for (const path of [
      '/',
      '/v1',
      '/v1/',
      '/v1/runs/',
      '/v1/runs/x',
      '/v1/runs//events',
      '/v2/runs',
      '/v1/runs/x/events/y',
    ]) {
      const { status } = await handler(get(path));
      expect([path, status]).toEqual([path, path === '/v1/runs/x' ? 405 : 404]);
    }
    const response = await handler(get('/v1/runs'));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await handler(get('/v1/personas/%E0%A4%A'))).status).toBe(400);
    expect((await handler(new Request(`${ORIGIN}/healthz`, { method: 'OPTIONS' }))).status).toBe(405);
  });

  it('take HEAD where they take GET', async () => {
    const response = await handlerOver(['Hi'])(new Request(`${ORIGIN}/v1/models`, { method: 'HEAD' }));
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('may stand under a path of the app', async () => {
    const handler = handlerOver(['Hi'], { basePath: '/ai/chat' });
    expect((await handler(get('/v1/models'))).status).toBe(404);
    const response = await handler(post('/ai/chat/v1/runs', { ...HELLO, stream: true }));
    const location = response.headers.get('content-location') ?? '';
    expect(location).toMatch(/^\/ai\/chat\/v1\/runs\/[\w-]+\/events$/);
    const events = await eventsOf(response);
    expect(await eventsOf(await handler(get(location)))).toEqual(events);
  });

  it.each(['ai', '/ai/', '/a b', '/ai/:id'])('are not mounted at «%s»', (basePath) => {
    expect(() => handlerOver(['Hi'], { basePath })).toThrow(/basePath/);
  });
});

describe('ids', () => {
  it.each(['a b', 'a\tb', 'x'.repeat(129), '../../etc', '<script>', 'a"b', '..', 'é'])(
    'that could do harm are replaced: «%s»',
    async (id) => {
      const handler = handlerOver(['Hi']);
      const response = await handler(post('/v1/runs', HELLO, { 'x-request-id': id }));
      const { body } = await answerOf(response);
      expect(body['req_id']).toMatch(/^[\da-f-]{36}$/);
      expect(response.headers.get('x-request-id')).toBe(body['req_id']);
    },
  );

  it('stand in answers of every kind', async () => {
    const handler = handlerOver(['Hi']);
    const headers = { 'x-request-id': 'r-1', traceparent: PARENT };
    for (const request of [
      get('/healthz', headers),
      get('/nothing', headers),
      post('/v1/runs', 'x', headers),
    ]) {
      const response = await handler(request);
      expect(response.headers.get('x-request-id')).toBe('r-1');
      expect(response.headers.get('traceparent')).toBe(PARENT);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('of a trace come to the run, and what is none does not', async () => {
    const handler = handlerOver(['Hi']);
    const start = async (traceparent: string) => {
      const [first] = await eventsOf(
        await handler(post('/v1/runs', { ...HELLO, stream: true }, { traceparent })),
      );
      return first?.data['traceparent'];
    };
    expect(await start(PARENT)).toBe(PARENT);
    expect(await start('00-x-y-01')).toBeUndefined();
  });
});

describe('pages of other sites', () => {
  const origin = 'https://app.example.com';
  const question = (from: string) =>
    new Request(`${ORIGIN}/v1/runs`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    });

  it('may not call unless they are asked for', async () => {
    const handler = handlerOver(['Hi']);
    const response = await handler(get('/healthz', { origin }));
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await handler(question(origin))).status).toBe(405);
  });

  it('may call where they are, without a key for the question itself', async () => {
    const handler = handlerOver(['Hi'], {
      cors: { origins: [origin] },
      auth: { keys: ['key-0123456789-abc'] },
    });
    const response = await handler(question(origin));
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    const refused = await handler(get('/v1/models', { origin }));
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    expect(refused.headers.get('access-control-expose-headers')).toContain('Content-Location');
    const other = await handler(question('https://evil.example.com'));
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });

  it('may be all', async () => {
    const handler = handlerOver(['Hi'], { cors: { origins: '*' } });
    const response = await handler(get('/healthz', { origin: 'https://any.example.com' }));
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('can’t reach a server by a name that it does not have', async () => {
    const handler = handlerOver(['Hi'], { hostnames: ['localhost', '127.0.0.1', '[::1]'] });
    expect((await handler(new Request('http://rebound.example.com:8787/v1/models'))).status).toBe(421);
    for (const host of ['localhost:8787', '127.0.0.1', '[::1]:9'])
      expect((await handler(new Request(`http://${host}/v1/models`))).status).toBe(200);
  });
});

describe('a server', () => {
  it.each([
    ['no chain', { chains: {} }],
    ['a chain that is none', { chains: { default: {} } }],
    [
      'a name that could not stand in a URL',
      { chains: { 'a/b': new Chain({ provider: scriptedProvider([]) }) } },
    ],
  ])('is not made with %s', (_, options) => {
    expect(() => createHandler({ auth: 'none', ...options } as unknown as HandlerOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  });

  it('shows a persona, what becomes of it, and its mark', async () => {
    const personas = { terse: { name: 'Terse', version: '2', style: 'Say little.' } };
    const handler = handlerOver(['Hi'], { personas });
    const list = await answerOf(await handler(get('/v1/personas')));
    const hash = expect.stringMatching(/^[\da-f]{16}$/) as string;
    expect(list.body).toEqual({ personas: [{ id: 'terse', name: 'Terse', version: '2', hash }] });
    const { body } = await answerOf(await handler(get('/v1/personas/terse')));
    expect(body).toEqual({
      id: 'terse',
      name: 'Terse',
      version: '2',
      hash,
      persona: personas.terse,
      prompt: expect.stringContaining('Say little.') as string,
      tokens: expect.any(Number) as number,
    });
  });

  it('follows a collection that changes', async () => {
    const personas = new Map([['a', { name: 'a' }]]);
    const handler = handlerOver(['Hi'], { personas });
    personas.set('b', { name: 'b' });
    personas.delete('a');
    const { body } = await answerOf(await handler(get('/v1/personas')));
    expect(body).toMatchObject({ personas: [{ id: 'b' }] });
    expect((await handler(get('/v1/personas/a'))).status).toBe(404);
  });

  it('compiles a persona, or shows where it is wrong', async () => {
    const handler = handlerOver(['Hi']);
    const good = await answerOf(
      await handler(post('/v1/personas/compile', { yaml: 'name: x\nforbid: [x]' })),
    );
    expect(good.body).toMatchObject({
      persona: { name: 'x', forbid: ['x'] },
      prompt: expect.stringContaining('x') as string,
      hash: expect.stringMatching(/^[\da-f]{16}$/) as string,
      issues: [{ code: 'forbidden-term-in-persona', path: 'name' }],
    });
    const bad = await errorOf(
      await handler(post('/v1/personas/compile', { yaml: '# はじめ\nname: x\nstyel: y' })),
    );
    expect(bad).toMatchObject({
      status: 422,
      line: 3,
      column: 1,
      field: 'styel',
      frame: expect.stringMatching(/3 \| styel: y/) as string,
    });
    expect(
      (await handler(post('/v1/personas/compile', { yaml: 'name: x', persona: { name: 'x' } }))).status,
    ).toBe(400);
    expect((await handler(post('/v1/personas/compile', {}))).status).toBe(400);
  });

  it('fills in what a persona leaves open, and says what is missing', async () => {
    const yaml = 'name: x\nvariables:\n  who: { type: string }\nstyle: Speak to {{who}}.';
    const handler = handlerOver(['Hi'], { personas: { open: parsePersona(yaml) } });
    const good = await answerOf(
      await handler(post('/v1/personas/compile', { yaml, variables: { who: '田中' } })),
    );
    expect(good.body['prompt']).toContain('Speak to 田中.');
    expect(await errorOf(await handler(post('/v1/personas/compile', { yaml })))).toMatchObject({
      status: 422,
      message: expect.stringMatching(/who/) as string,
    });
    expect((await answerOf(await handler(get('/v1/personas/open')))).body['prompt']).toContain('{{who}}');
    const run = { ...HELLO, persona: 'open' };
    expect((await handler(post('/v1/runs', { ...run, variables: { who: '田中' } }))).status).toBe(200);
    expect((await handler(post('/v1/runs', run))).status).toBe(422);
    expect((await handler(post('/v1/runs', { ...HELLO, variables: { who: 'x' } }))).status).toBe(400);
  });

  it('takes neither a file nor a model from a persona that comes along', async () => {
    const handler = handlerOver(['Hi']);
    const bring = async (persona: object) => (await handler(post('/v1/runs', { ...HELLO, persona }))).status;
    expect(await bring({ yaml: 'name: x\nextends: ../../etc/passwd.yaml' })).toBe(422);
    expect(await bring({ name: 'x', model: { scripted: 'dearest-model' } })).toBe(400);
    expect(
      await bring({ name: 'x', when: [{ if: { language: 'en' }, model: { scripted: 'dearest-model' } }] }),
    ).toBe(400);
  });

  it('trims, with the model’s own tokens where they are public', async () => {
    const handler = handlerOver(['Hi']);
    const messages = Array.from({ length: 20 }, (_, index) => ({
      role: 'user',
      content: `message ${index} `.repeat(20),
    }));
    const { status, body } = await answerOf(
      await handler(
        post('/v1/trim', { messages, targetTokens: 300, strategy: 'recent', model: 'gpt-5-mini' }),
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ report: { strategy: 'recent', targetTokens: 300, estimated: false } });
    expect((body['messages'] as unknown[]).length).toBeLessThan(20);
    expect(await errorOf(await handler(post('/v1/trim', { messages, targetTokens: 1 })))).toMatchObject({
      status: 422,
      code: 'budget-impossible',
    });
  });

  it('lists chains, personas and models with what is known of them', async () => {
    const handler = handlerOver(['Hi'], {
      chains: {
        default: new Chain({ provider: scriptedProvider(['Hi'], { name: 'openai', model: 'gpt-5-mini' }) }),
      },
      personas: { terse: { name: 'terse' } },
      models: [{ provider: 'openai', model: 'gpt-5-mini' }],
    });
    const { body } = await answerOf(await handler(get('/v1/models')));
    expect(body['data']).toMatchObject([
      {
        id: 'katamari/default',
        object: 'model',
        owned_by: 'katamari',
        provider: 'openai',
        model: 'gpt-5-mini',
        chain: 'default',
      },
      { id: 'katamari/default/terse', chain: 'default', persona: 'terse' },
      {
        id: 'gpt-5-mini',
        owned_by: 'openai',
        contextWindow: 400_000,
        prices: { input: expect.any(Number) as number },
      },
    ]);
  });
});
