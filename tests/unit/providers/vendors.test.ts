import { inspect } from 'node:util';

import { afterEach, describe, expect, test, vi } from 'vitest';

import type { FetchFunction } from '../../../src/http/post-stream.ts';
import { models } from '../../../src/models/index.ts';
import type { Provider } from '../../../src/provider.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { google } from '../../../src/providers/google.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { openai } from '../../../src/providers/openai.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { collect, makeContext } from '../../support/context.ts';

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly issues: readonly unknown[];
}

const variables = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'GOOGLE_GEMINI_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_GEMINI_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
];

/** What the provider sends, caught by a fetch of our own that then gives up. */
async function sentBy(
  make: (fetch: FetchFunction) => Provider,
  request: Partial<ChatRequest> = {},
): Promise<Sent> {
  const sent: Omit<Sent, 'issues'>[] = [];
  const provider = make((url, init) => {
    sent.push({
      url,
      headers: new Headers(init.headers),
      body: JSON.parse(init.body as string) as Record<string, unknown>,
    });
    return Promise.resolve(new Response('{"error":{"message":"enough"}}', { status: 400 }));
  });
  const { context, emitted } = makeContext(provider);
  await collect(
    provider.generate({ messages: [{ role: 'user', content: 'hi' }], ...request }, context),
  ).catch(() => undefined);
  const [first] = sent;
  if (first === undefined) throw new Error('nothing was sent');
  return { ...first, issues: emitted };
}

function clearEnvironment(): void {
  for (const name of variables) vi.stubEnv(name, undefined);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('anthropic', () => {
  test('its endpoint, headers and variables', async () => {
    clearEnvironment();
    vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-env');
    const plain = await sentBy((fetch) => anthropic({ model: 'claude-sonnet-5', fetch }));
    expect(plain.url).toBe('https://api.anthropic.com/v1/messages');
    expect(plain.headers.get('x-api-key')).toBe('sk-ant-env');
    expect(plain.headers.get('anthropic-version')).toBe('2023-06-01');
    expect(plain.headers.get('anthropic-beta')).toBeNull();
    vi.stubEnv('ANTHROPIC_BASE_URL', 'http://env.test/');
    const options = {
      model: 'm',
      apiKey: 'own',
      version: '2030-01-01',
      beta: ['a', 'b'],
      maxOutputTokens: 7,
      cache: false,
    };
    const own = await sentBy((fetch) => anthropic({ ...options, headers: { 'x-tenant': 't' }, fetch }), {
      model: 'claude-opus-5',
    });
    expect(own.url).toBe('http://env.test/v1/messages');
    expect(own.headers.get('x-api-key')).toBe('own');
    expect(own.headers.get('anthropic-version')).toBe('2030-01-01');
    expect(own.headers.get('anthropic-beta')).toBe('a,b');
    expect(own.headers.get('x-tenant')).toBe('t');
    expect(own.body).toMatchObject({ model: 'claude-opus-5', max_tokens: 7 });
  });

  test('tells what was not sent, and why nothing is lost without a word', async () => {
    const request = { temperature: 0.5, providerOptions: { anthropic: { magic: 1 } } };
    const { body, issues } = await sentBy(
      (fetch) => anthropic({ model: 'claude-sonnet-5', apiKey: 'k', fetch }),
      request,
    );
    expect(body).not.toHaveProperty('temperature');
    expect(issues).toMatchObject([
      {
        type: 'issue',
        source: 'anthropic',
        code: 'unknown-provider-option',
        severity: 'warning',
        path: 'providerOptions.anthropic.magic',
      },
      { type: 'issue', source: 'anthropic', code: 'setting-not-sent', severity: 'info', path: 'temperature' },
    ]);
  });
});

describe('the registry of models', () => {
  test('bounds what Anthropic may answer, where it is given', async () => {
    const asked = { apiKey: 'k', model: 'claude-sonnet-5' };
    const { body } = await sentBy((fetch) => anthropic({ ...asked, models, fetch }));
    expect(body['max_tokens']).toBe(models.find('claude-sonnet-5')?.maxOutput);
    const { body: dated } = await sentBy((fetch) => anthropic({ ...asked, models, fetch }), {
      model: 'claude-haiku-4-5-20251001',
    });
    expect(dated['max_tokens']).toBe(64_000);
    const { body: other } = await sentBy((fetch) => anthropic({ ...asked, models, fetch }), { model: 'x' });
    expect(other['max_tokens']).toBe(4096);
  });
});

describe('parallel thinking', () => {
  const makers: Record<string, (fetch: FetchFunction) => Provider> = {
    chat: (fetch) => openai({ model: 'gpt-5-mini', apiKey: 'k', fetch }),
    responses: (fetch) => openai({ model: 'gpt-5-mini', api: 'responses', apiKey: 'k', fetch }),
    anthropic: (fetch) => anthropic({ model: 'claude-sonnet-5', apiKey: 'k', fetch }),
    google: (fetch) => google({ model: 'gemini-2.5-flash', apiKey: 'k', fetch }),
    xai: (fetch) => openaiCompatible({ preset: 'xai', model: 'grok-4.20-multi-agent', apiKey: 'k', fetch }),
  };

  test.each(Object.entries(makers))('%s sends no field for it, and says so', async (_name, make) => {
    const plain = await sentBy(make, { reasoning: {} });
    const { body, issues } = await sentBy(make, { reasoning: { parallel: true } });
    expect(body).toEqual(plain.body);
    expect(issues).toMatchObject([
      { code: 'setting-not-sent', severity: 'info', path: 'reasoning.parallel' },
    ]);
    expect((await sentBy(make, { reasoning: { parallel: false } })).issues).toEqual([]);
  });
});

describe('google', () => {
  test('its endpoint for the model that is asked, and its version', async () => {
    clearEnvironment();
    const make = (fetch: FetchFunction): Provider =>
      google({ model: 'gemini-2.5-flash', apiKey: 'k', fetch });
    const root = 'https://generativelanguage.googleapis.com';
    expect((await sentBy(make)).url).toBe(
      `${root}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse`,
    );
    expect((await sentBy(make, { model: 'tunedModels/a b' })).url).toBe(
      `${root}/v1beta/tunedModels/a%20b:streamGenerateContent?alt=sse`,
    );
    vi.stubEnv('GOOGLE_GEMINI_BASE_URL', 'http://env.test/gateway?team=1');
    const { url } = await sentBy((fetch) => google({ model: 'm?x', apiKey: 'k', apiVersion: 'v1', fetch }));
    expect(url).toBe('http://env.test/gateway/v1/models/m%3Fx:streamGenerateContent?team=1&alt=sse');
  });

  test('the key from the first variable that is set, in a header and never in the URL', async () => {
    clearEnvironment();
    const key = async (): Promise<unknown> => {
      const { url, headers } = await sentBy((fetch) => google({ model: 'm', fetch }));
      expect(url).not.toContain('key');
      return headers.get('x-goog-api-key');
    };
    vi.stubEnv('GOOGLE_API_KEY', 'third');
    expect(await key()).toBe('third');
    vi.stubEnv('GEMINI_API_KEY', 'second');
    expect(await key()).toBe('second');
    vi.stubEnv('GOOGLE_GEMINI_API_KEY', 'first');
    expect(await key()).toBe('first');
  });
});

describe('openai responses', () => {
  test('its endpoint and its headers', async () => {
    clearEnvironment();
    const { url, headers, body } = await sentBy((fetch) =>
      openai({ api: 'responses', model: 'gpt-5-mini', apiKey: 'k', project: 'p', fetch }),
    );
    expect(url).toBe('https://api.openai.com/v1/responses');
    expect(headers.get('authorization')).toBe('Bearer k');
    expect(headers.get('openai-project')).toBe('p');
    expect(body).toMatchObject({ model: 'gpt-5-mini', store: false, input: [{ role: 'user' }] });
  });
});

describe.each([
  ['anthropic', (options: object): Provider => anthropic({ model: 'm', ...options }), 'ANTHROPIC_API_KEY'],
  ['google', (options: object): Provider => google({ model: 'm', ...options }), 'GOOGLE_GEMINI_API_KEY'],
  [
    'openai',
    (options: object): Provider => openai({ model: 'm', api: 'responses', ...options }),
    'OPENAI_API_KEY',
  ],
] as const)('every vendor: %s', (name, make, variable) => {
  test('without a key it names the variable', () => {
    clearEnvironment();
    const missing = expect.objectContaining({
      code: 'authentication',
      message: expect.stringContaining(variable) as string,
    }) as Error;
    expect(() => make({})).toThrow(missing);
    expect(() => make({ apiKey: '' })).toThrow(missing);
  });

  test('a missing model, a bad base URL, a key that cannot be sent', () => {
    const invalid = expect.objectContaining({ code: 'invalid-input' }) as Error;
    expect(() => make({ apiKey: 'k', model: ' ' })).toThrow(invalid);
    expect(() => make({ apiKey: 'k', baseURL: 'nowhere' })).toThrow(invalid);
    expect(() => make({ apiKey: 'geheim-鍵' })).toThrow(invalid);
  });

  test('nothing that prints the provider prints the key', () => {
    const provider = make({ apiKey: 'very-secret-0123456789' });
    expect(provider).toMatchObject({ name, model: 'm', isLanguageModel: true });
    expect(inspect(provider, { depth: 9, showHidden: true }) + JSON.stringify(provider)).not.toContain(
      'very-secret',
    );
  });

  test('inert until the first pull', () => {
    const fetch = vi.fn<FetchFunction>();
    const provider = make({ apiKey: 'k', fetch });
    provider.generate({ messages: [] }, makeContext(provider).context)[Symbol.asyncIterator]();
    expect(fetch).not.toHaveBeenCalled();
  });
});
