import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Chain, type RunInput } from '../../src/chain.ts';
import { requestLog } from '../../src/log/request-log.ts';
import type { Message } from '../../src/message.ts';
import { persona } from '../../src/persona/persona-step.ts';
import { prometheus } from '../../src/prometheus/index.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { reflect } from '../../src/reflect/reflect-step.ts';
import { toSSE } from '../../src/sse/index.ts';
import type { Step } from '../../src/step.ts';
import { trim } from '../../src/trim/trim.ts';
import { beginSse, chatChunk, chatEnding, write } from '../servers/respond.ts';
import { startServer, type TestServer } from '../servers/start-server.ts';
import { record } from '../unit/otel/recorder.ts';

/** One word per place where a secret may come from. */
const KEYS = { key: 'KEYkEy0000secret', header: 'HEADERh3adersecret', url: 'URLqUeRysecret' } as const;
const TEXTS = {
  message: 'MESSAGEsecret',
  japanese: '秘密の伝言',
  answer: 'ANSWERsecret',
  thought: 'THOUGHTsecret',
  persona: 'PERSONAsecret',
  tool: 'TOOLsecret',
  option: 'OPTIONsecret',
  step: 'STEPsecret',
  observer: 'OBSERVERsecret',
} as const;
const VENDOR = 'VENDORsecret';

/** What the server does, by the path's first part. */
const ill: Readonly<
  Record<string, (words: string) => { status: number; body: string } | 'cut' | 'inside' | 'tools'>
> = {
  refuses: (words) => ({
    status: 401,
    body: JSON.stringify({ error: { message: `Wrong key. ${words}`, code: words } }),
  }),
  breaks: (words) => ({ status: 500, body: JSON.stringify({ error: { message: words, type: words } }) }),
  page: (words) => ({ status: 502, body: `<html><title>${words}</title>${words}</html>` }),
  garbage: (words) => ({ status: 200, body: `data: {"choices": ${words}\n\n` }),
  inside: () => 'inside',
  cut: () => 'cut',
  tools: () => 'tools',
};

let server: TestServer;

beforeAll(async () => {
  server = await startServer(async ({ request, response, text }) => {
    // A vendor that says again all that it was told.
    const words = `${VENDOR} ${request.url} ${JSON.stringify(request.headers)} ${text}`;
    const what = ill[request.url?.split('/')[1] ?? '']?.(words);
    if (typeof what === 'object') {
      if (what.status === 200) {
        beginSse(response);
        response.end(what.body);
      } else {
        response.writeHead(what.status, { 'content-type': 'application/json' });
        response.end(what.body);
      }
      return;
    }
    beginSse(response);
    await write(response, chatChunk({ reasoning_content: TEXTS.thought }));
    await write(response, chatChunk({ content: `${TEXTS.answer} ` }));
    if (what === 'cut') return void response.destroy();
    if (what === 'inside')
      return void response.end(`data: ${JSON.stringify({ error: { message: words, code: words } })}\n\n`);
    const call = {
      index: 0,
      id: 'c1',
      type: 'function',
      function: { name: 'look_up', arguments: `{"who":"${TEXTS.tool}"}` },
    };
    if (what === 'tools') await write(response, chatChunk({ tool_calls: [call] }));
    response.end(chatChunk({}, what === 'tools' ? 'tool_calls' : `odd ${VENDOR}`) + chatEnding());
  });
});

afterAll(() => server.close());

/** Everything that watches, and all that it wrote. */
function watch() {
  const lines: string[] = [];
  const target = { write: (line: string) => lines.push(line) };
  const traced = record();
  const metrics = prometheus();
  const broken = {
    events: () => {
      throw new Error(TEXTS.observer);
    },
  };
  const observers = [requestLog(target), requestLog(pino({}, target)), traced.observer, metrics, broken];
  return {
    observers,
    async written(): Promise<string> {
      const spans = traced.spans.map(({ name, attributes, events, status, links }) => ({
        name,
        attributes,
        events,
        status,
        links,
      }));
      const points = await Promise.all(
        [
          'gen_ai.client.operation.duration',
          'gen_ai.client.operation.time_to_first_chunk',
          'gen_ai.client.token.usage',
        ].map((name) => traced.points(name)),
      );
      expect(lines.length).toBeGreaterThan(0);
      expect(spans.length).toBeGreaterThan(0);
      return [...lines, JSON.stringify(spans), JSON.stringify(points), await metrics.metrics()].join('\n');
    },
  };
}

const messages: readonly Message[] = [
  ...Array.from({ length: 20 }, (_, index): Message => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: `${TEXTS.message} ${index} ${TEXTS.japanese}。`,
  })),
  { role: 'user', content: `Who is ${TEXTS.message}? ${TEXTS.japanese}` },
];

function chainTo(place: string, observers: ReturnType<typeof watch>['observers']): Chain {
  const provider = openaiCompatible({
    model: 'house-model',
    baseURL: `${place.startsWith('http') ? place : `${server.url}/${place}/v1`}?api-key=${KEYS.url}`,
    apiKey: KEYS.key,
    headers: { 'x-tenant-token': KEYS.header },
    retry: { maxRetries: 1, baseDelayMs: 1 },
  });
  return new Chain({ provider, observers })
    .use(persona({ name: 'clerk', style: TEXTS.persona, notes: TEXTS.persona, forbid: [TEXTS.persona] }))
    .use(trim({ targetTokens: 400, strategy: 'recent' }));
}

const input: RunInput = {
  messages,
  tools: [{ name: 'look_up', description: TEXTS.tool, parameters: { type: 'object', title: TEXTS.tool } }],
  providerOptions: { 'openai-compatible': { user: TEXTS.option } },
};

async function sent(chain: Chain, run: RunInput = input): Promise<string> {
  let bytes = '';
  for await (const chunk of toSSE(chain.stream(run)).pipeThrough(new TextDecoderStream())) bytes += chunk;
  return bytes;
}

function holds(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.values(secrets).filter(
    (secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)),
  );
}

const throwing: Step = {
  name: 'throwing',
  stage: 'plan',
  wrap: () => () => {
    throw new TypeError(TEXTS.step);
  },
};

describe('secrets and personal data', () => {
  it.each([...Object.keys(ill), 'well', 'http://127.0.0.1:9/v1'])(
    'stand in no record, span or metric: %s',
    async (place) => {
      const seen = watch();
      const chain = chainTo(place, seen.observers);
      const bytes = [await sent(chain), await sent(chain.use(reflect()))].join('\n');
      const written = await seen.written();
      expect(holds(written, { ...KEYS, ...TEXTS, VENDOR })).toEqual([]);
      // Events bear the run's own texts to its own reader, and a vendor's words; keys never.
      expect(holds(bytes, KEYS)).toEqual([]);
      const failures = bytes.split('\n').filter((line) => line.startsWith('data: {"type":"error"'));
      expect(failures.length).toBe(['well', 'tools'].includes(place) ? 0 : 2);
    },
  );

  it('stand in no record, span, metric or SSE error where the program itself fails', async () => {
    const seen = watch();
    const bytes = await sent(chainTo('well', seen.observers).use(throwing));
    expect(bytes).toContain('"type":"error"');
    expect(holds(bytes, { ...KEYS, step: TEXTS.step, observer: TEXTS.observer })).toEqual([]);
    expect(holds(await seen.written(), { ...KEYS, ...TEXTS, VENDOR })).toEqual([]);
  });

  it('would be found', async () => {
    const seen = watch();
    const bytes = await sent(chainTo('well', seen.observers));
    expect(holds(bytes, TEXTS)).toContain(TEXTS.answer);
    expect(server.served.at(-1)?.request.url).toContain(KEYS.url);
    expect(JSON.stringify(server.served.at(-1)?.request.headers)).toContain(KEYS.header);
    expect(server.served.at(-1)?.text).toContain(TEXTS.persona);
  });
});
