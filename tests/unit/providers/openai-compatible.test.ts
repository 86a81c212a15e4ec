import { inspect } from 'node:util';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { KatamariError } from '../../../src/errors.ts';
import type { Provider } from '../../../src/provider.ts';
import { openaiCompatiblePresets } from '../../../src/providers/openai-compatible-presets.ts';
import { openaiCompatible, type OpenaiCompatibleOptions } from '../../../src/providers/openai-compatible.ts';
import { openai } from '../../../src/providers/openai.ts';
import { chatChunk, chatEnding } from '../../servers/respond.ts';
import { collect, makeContext } from '../../support/context.ts';

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** What the provider sends, caught by a fetch of our own. */
async function sentBy(
  make: (fetch: NonNullable<OpenaiCompatibleOptions['fetch']>) => Provider,
): Promise<Sent> {
  let sent: Sent | undefined;
  const provider = make((url, init) => {
    sent = {
      url,
      headers: new Headers(init.headers),
      body: JSON.parse(init.body as string) as Record<string, unknown>,
    };
    return Promise.resolve(new Response(`${chatChunk({ content: 'ok' })}${chatEnding()}`));
  });
  await collect(
    provider.generate(
      { messages: [{ role: 'user', content: 'hi' }], maxOutputTokens: 5 },
      makeContext(provider).context,
    ),
  );
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

/** What comes of making a provider without a key. */
function codeOf(make: () => Provider): string {
  try {
    make();
    return 'made';
  } catch (error) {
    if (!(error instanceof KatamariError)) throw error;
    return `${error.code} naming ${/[A-Z_]+_API_KEY/.exec(error.message)?.[0] ?? 'nothing'}`;
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('openaiCompatible', () => {
  test.each(['http://h.test/v1', 'http://h.test/v1/', 'http://h.test/v1//'])(
    'base URL %s',
    async (baseURL) => {
      const { url } = await sentBy((fetch) => openaiCompatible({ baseURL, model: 'm', fetch }));
      expect(url).toBe('http://h.test/v1/chat/completions');
    },
  );

  test('a query of the base URL is kept', async () => {
    const baseURL = 'https://x.test/openai/deployments/d/?api-version=2024-10-21';
    const { url, headers } = await sentBy((fetch) =>
      openaiCompatible({ baseURL, model: 'm', fetch, headers: { 'Api-Key': 'k1' } }),
    );
    expect(url).toBe('https://x.test/openai/deployments/d/chat/completions?api-version=2024-10-21');
    expect(headers.get('api-key')).toBe('k1');
    expect(headers.get('authorization')).toBeNull();
  });

  test.each(['', 'not a url', 'ftp://x.test', 'http://user:pw@x.test/v1'])('bad base URL %j', (baseURL) => {
    expect(() => openaiCompatible({ baseURL, model: 'm' })).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });

  test('missing model, base URL, preset', () => {
    const invalid = expect.objectContaining({ code: 'invalid-input' }) as Error;
    expect(() => openaiCompatible({ preset: 'ollama', model: '' })).toThrow(invalid);
    expect(() => openaiCompatible({ preset: 'ollama' } as OpenaiCompatibleOptions)).toThrow(invalid);
    expect(() => openaiCompatible({ model: 'm' })).toThrow(invalid);
    expect(() => openaiCompatible({ preset: 'toString', model: 'm' } as never)).toThrow(/Known: openrouter/);
  });

  test.each(Object.entries(openaiCompatiblePresets))('preset %s', async (name, preset) => {
    const variables: readonly string[] = 'keyVariables' in preset ? preset.keyVariables : [];
    const [variable] = variables;
    for (const each of variables) vi.stubEnv(each, undefined);
    const make = (fetch?: OpenaiCompatibleOptions['fetch']): Provider =>
      openaiCompatible({
        preset: name as keyof typeof openaiCompatiblePresets,
        model: 'm',
        ...(fetch === undefined ? {} : { fetch }),
      });
    expect(codeOf(make)).toBe(preset.needsKey ? `authentication naming ${variable}` : 'made');
    if (variable !== undefined) vi.stubEnv(variable, 'from-env');
    const { url, headers } = await sentBy(make);
    expect(url).toBe(`${preset.baseURL}/chat/completions`);
    expect(headers.get('authorization')).toBe(variable === undefined ? null : 'Bearer from-env');
    expect(make().name).toBe(name);
  });

  test('a key from the environment is sent to the preset’s own host only', async () => {
    vi.stubEnv('GROQ_API_KEY', 'from-env');
    const preset = { preset: 'groq', model: 'm' } as const;
    const elsewhere = await sentBy((fetch) =>
      openaiCompatible({ ...preset, baseURL: 'https://other.test/v1', fetch }),
    );
    expect(elsewhere.headers.get('authorization')).toBeNull();
    const { baseURL } = openaiCompatiblePresets.groq;
    const there = await sentBy((fetch) => openaiCompatible({ ...preset, baseURL: `${baseURL}/`, fetch }));
    expect(there.headers.get('authorization')).toBe('Bearer from-env');
  });

  test('a host’s second variable serves where the first is not set', async () => {
    vi.stubEnv('ALIBABA_CLOUD_API_KEY', undefined);
    vi.stubEnv('DASHSCOPE_API_KEY', 'second');
    const { headers } = await sentBy((fetch) => openaiCompatible({ preset: 'dashscope', model: 'm', fetch }));
    expect(headers.get('authorization')).toBe('Bearer second');
  });

  test('options win over the preset', async () => {
    vi.stubEnv('MISTRAL_API_KEY', 'from-env');
    const { url, headers, body } = await sentBy((fetch) =>
      openaiCompatible({
        preset: 'mistral',
        model: 'm',
        baseURL: 'http://proxy.test',
        apiKey: 'own-key',
        headers: { Authorization: 'Custom abc', 'X-Tenant': 't' },
        dialect: { maxTokensField: 'max_completion_tokens' },
        fetch,
      }),
    );
    expect(url).toBe('http://proxy.test/chat/completions');
    expect(headers.get('authorization')).toBe('Custom abc');
    expect(headers.get('x-tenant')).toBe('t');
    expect(body).toMatchObject({ max_completion_tokens: 5 });
    expect(body).not.toHaveProperty('stream_options');
  });

  test('an unknown option is told, and can be made known', async () => {
    const sent: unknown[] = [];
    const fetch = (_url: string, init: RequestInit): Promise<Response> => {
      sent.push(JSON.parse(init.body as string));
      return Promise.resolve(new Response(`${chatChunk({ content: 'ok' })}${chatEnding()}`));
    };
    const request = { messages: [], providerOptions: { box: { quirk: 1 } } };
    const plain = openaiCompatible({ baseURL: 'http://h.test', model: 'm', name: 'box', fetch });
    const { context, emitted } = makeContext(plain);
    await collect(plain.generate(request, context));
    expect(emitted).toMatchObject([
      { type: 'issue', code: 'unknown-provider-option', path: 'providerOptions.box.quirk' },
    ]);
    const taught = openaiCompatible({
      baseURL: 'http://h.test',
      model: 'm',
      name: 'box',
      fetch,
      dialect: { options: ['quirk'] },
    });
    await collect(taught.generate(request, makeContext(taught).context));
    expect(sent).toEqual([expect.not.objectContaining({ quirk: 1 }), expect.objectContaining({ quirk: 1 })]);
  });

  test('a key that cannot be a header is refused, unquoted', () => {
    expect(() =>
      openaiCompatible({ baseURL: 'http://h.test', model: 'm', apiKey: 'geheim-鍵-123456' }),
    ).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.not.stringContaining('geheim') as string,
      }),
    );
  });
});

describe('openai', () => {
  test('its own field names, headers and variables', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-from-env');
    vi.stubEnv('OPENAI_BASE_URL', 'http://env.test/v1/');
    const { url, headers, body } = await sentBy((fetch) =>
      openai({ model: 'gpt-5-mini', organization: 'o', project: 'p', fetch }),
    );
    expect(url).toBe('http://env.test/v1/chat/completions');
    expect(headers.get('authorization')).toBe('Bearer sk-from-env');
    expect(headers.get('openai-organization')).toBe('o');
    expect(headers.get('openai-project')).toBe('p');
    expect(body).toMatchObject({
      model: 'gpt-5-mini',
      max_completion_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('without a key it names the variable', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    expect(() => openai({ model: 'm' })).toThrow(
      expect.objectContaining({
        code: 'authentication',
        message: expect.stringContaining('OPENAI_API_KEY') as string,
      }),
    );
  });

  test('nothing that prints the provider prints the key', () => {
    const provider = openai({ model: 'm', apiKey: 'sk-very-secret-0123456789' });
    const shown = [
      inspect(provider, { depth: 9, showHidden: true }),
      JSON.stringify(provider),
      Object.values(provider).join(),
    ];
    expect(shown.join('\n')).not.toContain('very-secret');
  });

  test('half an emoji is sent as something every parser reads', async () => {
    let text = '';
    const provider = openai({
      model: 'm',
      apiKey: 'k',
      fetch: (_url, init) => {
        text = init.body as string;
        return Promise.resolve(new Response(`${chatChunk({ content: 'ok' })}${chatEnding()}`));
      },
    });
    const request = { messages: [{ role: 'user', content: `cut ${'🍣'.slice(0, 1)} \\ud83d 🍣` }] } as const;
    await collect(provider.generate(request, makeContext(provider).context));
    expect((JSON.parse(text) as { messages: { content: string }[] }).messages[0]?.content).toBe(
      'cut \uFFFD \\ud83d 🍣',
    );
    expect(text).not.toMatch(/[^\\]\\ud83d/);
  });

  test('inert until the first pull', () => {
    let calls = 0;
    const fetch = (): Promise<Response> => {
      calls += 1;
      return Promise.reject(new Error('unexpected'));
    };
    const provider = openai({ model: 'm', apiKey: 'k', fetch });
    provider.generate({ messages: [] }, makeContext(provider).context)[Symbol.asyncIterator]();
    expect(calls).toBe(0);
  });
});
