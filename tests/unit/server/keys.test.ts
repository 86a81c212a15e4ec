import type { ApiKeys, HandlerOptions } from 'katamari/server';
import { describe, expect, it } from 'vitest';

import { errorOf, get, handlerOver, HELLO, post } from './ask.ts';

const OLD = 'old-key-0123456789';
const NEW = 'new-key-0123456789';

function guarded(keys: ApiKeys | (() => ApiKeys | Promise<ApiKeys>), options: Partial<HandlerOptions> = {}) {
  return handlerOver(['Hi'], { ...options, auth: { keys } });
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('keys', () => {
  it('opens everything but liveness to those who have one', async () => {
    const handler = guarded([OLD]);
    for (const path of [
      '/v1/models',
      '/v1/personas',
      '/v1/personas/x',
      '/v1/runs/x/events',
      '/metrics',
      '/openapi.json',
    ]) {
      const response = await handler(get(path));
      expect([path, response.status, response.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        'Bearer realm="katamari"',
      ]);
    }
    for (const path of ['/v1/runs', '/v1/trim', '/v1/personas/compile', '/v1/chat/completions'])
      expect((await handler(post(path, HELLO))).status).toBe(401);
    expect((await handler(get('/healthz'))).status).toBe(200);
    expect((await handler(get('/v1/models', bearer(OLD)))).status).toBe(200);
  });

  it.each([
    ['no header', {}],
    ['another scheme', { authorization: `Basic ${OLD}` }],
    ['the key alone', { authorization: OLD }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['half a key', { authorization: `Bearer ${OLD.slice(0, -1)}` }],
    ['a longer key', { authorization: `Bearer ${OLD}x` }],
    ['two keys', { authorization: `Bearer ${OLD} ${NEW}` }],
    ['a key in another case', { authorization: `Bearer ${OLD.toUpperCase()}` }],
  ])('refuses %s', async (_, headers) => {
    expect((await guarded([OLD, NEW])(get('/v1/models', headers))).status).toBe(401);
  });

  it('takes the scheme in any case', async () => {
    expect((await guarded([OLD])(get('/v1/models', { authorization: `bEARER   ${OLD}` }))).status).toBe(200);
  });

  it('refuses a key from its last moment on', async () => {
    const handler = guarded([
      { key: OLD, notAfter: new Date(Date.now() - 1) },
      { key: NEW, notAfter: '2999-01-01' },
    ]);
    expect((await handler(get('/v1/models', bearer(OLD)))).status).toBe(401);
    expect((await handler(get('/v1/models', bearer(NEW)))).status).toBe(200);
  });

  it('asks a function at every request, so that keys can be changed', async () => {
    let keys: ApiKeys = [OLD];
    const handler = guarded(() => Promise.resolve(keys));
    expect((await handler(get('/v1/models', bearer(OLD)))).status).toBe(200);
    keys = [NEW];
    expect((await handler(get('/v1/models', bearer(OLD)))).status).toBe(401);
    expect((await handler(get('/v1/models', bearer(NEW)))).status).toBe(200);
  });

  it('lets nobody in where the keys can’t be had, and tells the operator', async () => {
    const errors: unknown[] = [];
    const broken = new Error('no vault');
    const handler = guarded(() => Promise.reject(broken), { onError: (error) => errors.push(error) });
    const error = await errorOf(await handler(get('/v1/models', bearer(OLD))));
    expect(error).toMatchObject({ status: 503, retryable: true });
    expect(error.message).not.toContain('vault');
    expect(errors).toMatchObject([{ cause: broken }]);
    expect((await guarded(() => [])(get('/v1/models', bearer(OLD)))).status).toBe(503);
  });

  it.each([
    ['nothing', undefined],
    ['an empty list', { keys: [] }],
    ['a short key', { keys: ['short'] }],
    ['a key with a blank', { keys: ['a key with blanks in it'] }],
    ['an id of nothing', { keys: [{ key: OLD, id: '' }] }],
    ['a date that is none', { keys: [{ key: OLD, notAfter: 'soon' }] }],
    ['true', true],
  ])('is not made with %s', (_, auth) => {
    expect(() => handlerOver(['Hi'], { auth: auth as HandlerOptions['auth'] })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  });

  it('knows clients by their ids, and never tells a key', async () => {
    const records: unknown[] = [];
    const handler = guarded([{ key: OLD, id: 'web' }, NEW], { access: (record) => records.push(record) });
    await handler(get('/v1/models', bearer(OLD)));
    await handler(get('/v1/models', bearer(NEW)));
    await handler(get('/v1/models', bearer('a-key-that-nobody-has')));
    await handler(get('/nothing?key=secret-in-the-query', bearer(OLD)));
    expect(records).toMatchObject([
      { client: 'web', route: '/v1/models', status: 200 },
      { client: expect.stringMatching(/^[\da-f]{8}$/) as string, status: 200 },
      { client: null, status: 401 },
      { client: null, route: null, status: 404 },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/-key-|secret/);
  });
});
