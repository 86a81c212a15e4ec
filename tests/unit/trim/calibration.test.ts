import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { Conversation } from '../../../src/conversation.ts';
import type { ChainEvent, MetricsEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import type { Generate, RunContext } from '../../../src/provider.ts';
import {
  providerError,
  scriptedProvider,
  type ScriptedProvider,
} from '../../../src/testing/scripted-provider.ts';
import { loadEncoding } from '../../../src/tokens/load-counter.ts';
import { countRequest } from '../../../src/tokens/request-counter.ts';
import { trim, type TrimStepOptions } from '../../../src/trim/trim.ts';

// Older than the one that the estimate was fitted to, and half as large: a foreign tokenizer.
const foreign = await loadEncoding('cl100k_base');

/** A number that looks random, from 0 to `below`, the same at every run. */
const pick = (seed: number, below: number): number => (Math.imul(seed + 7, 0x85ebca6b) >>> 9) % below;
const words =
  'the garden is open until nine and we would like to see whether a quiet table near the window could be reserved for us'.split(
    ' ',
  );
const phrases = [
  '会議の資料は',
  '明日の午後に',
  'お客様から',
  '新しい計画の',
  '届いていない',
  '確認をお願いします。',
  '東京駅で',
  'ありがとうございます。',
];
const emoji = Array.from('😀🎉🚀🍣🌧️🐈👍🏯🧭🎻🦑🪁');
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const series = (seed: number, length: number, part: (n: number) => string): string =>
  Array.from({ length }, (_, n) => part(seed * 131 + n)).join('');

const kinds: Record<string, (seed: number) => string> = {
  English: (seed) => series(seed, 60, (n) => `${words[pick(n, words.length)] ?? ''} `),
  Japanese: (seed) => series(seed, 24, (n) => phrases[pick(n, phrases.length)] ?? ''),
  code: (seed) =>
    series(
      seed,
      6,
      (n) =>
        `export function step${pick(n, 99)}(value: number): number {\n  return value * ${pick(n + 1, 999)};\n}\n`,
    ),
  JSON: (seed) =>
    JSON.stringify(
      Array.from({ length: 6 }, (_, n) => ({
        id: pick(seed + n, 9999),
        name: words[pick(n + seed, 20)],
        ok: true,
      })),
    ),
  base64: (seed) => series(seed, 200, (n) => base64[pick(n, 64)] ?? ''),
  emoji: (seed) => series(seed, 40, (n) => emoji[pick(n, emoji.length)] ?? ''),
};

function billing(model = 'some-new-model'): ScriptedProvider {
  return scriptedProvider(
    [(request) => ({ text: 'fine', usage: { token_in: countRequest(request, foreign), token_out: 1 } })],
    { model },
  );
}

type Trimmed = Extract<MetricsEvent, { scope: 'trim' }>;

async function figuresOf(events: AsyncIterable<ChainEvent>): Promise<Trimmed> {
  let found: Trimmed | undefined;
  for await (const event of events) if (event.type === 'metrics' && event.scope === 'trim') found ??= event;
  if (found === undefined) throw new Error('There was no trim.');
  return found;
}

/** How far the trim is off from what was billed, in each of several turns of a chat that is over the budget. */
async function errorsOf(
  text: (seed: number) => string,
  { turns = 4, ...options }: Partial<TrimStepOptions> & { turns?: number } = {},
) {
  const provider = billing();
  const chain = new Chain({ provider }).use(trim({ targetTokens: 1200, ...options }));
  const messages: Message[] = Array.from({ length: 30 }, (_, n): Message => ({
    role: n % 2 === 0 ? 'user' : 'assistant',
    content: text(n),
  }));
  const conversation = new Conversation({ chain, messages });
  const errors: number[] = [];
  let last: Trimmed | undefined;
  for (let turn = 0; turn < turns; turn += 1) {
    last = await figuresOf(conversation.send(text(100 + turn)));
    const billed = countRequest(provider.requests.at(-1) ?? { messages: [] }, foreign);
    errors.push(Math.abs(last.token_out / billed - 1));
  }
  return { errors, last, conversation, provider };
}

describe('the estimate of a model without a public tokenizer', () => {
  it.each(Object.entries(kinds))(
    'is within 5 %% of what is billed after three turns: %s',
    async (_, text) => {
      for (const strategy of ['relevant', 'recent'] as const) {
        const { errors, last } = await errorsOf(text, { strategy });
        expect(errors[3]).toBeLessThan(0.05);
        expect(last?.compress_ratio).toBeLessThan(0.8);
        expect(last?.token_out).toBeLessThanOrEqual(1200);
        expect(last).toMatchObject({ estimated: true });
        expect(last?.count_error).toBeLessThan(0.2);
      }
    },
  );

  it('is off at first, and says by how much it may be', async () => {
    const { errors } = await errorsOf(kinds['Japanese'] ?? String);
    const first = await errorsOf(kinds['Japanese'] ?? String, { turns: 1 });
    expect(errors[0]).toBeGreaterThan(0.05);
    expect(first.last?.count_error).toBeGreaterThanOrEqual(errors[0] ?? 1);
  });

  it('is learnt by the step from all runs, and kept by a conversation through JSON', async () => {
    const japanese = kinds['Japanese'] ?? String;
    const messages: Message[] = Array.from({ length: 9 }, (_, n) => ({ role: 'user', content: japanese(n) }));
    const provider = billing();
    const chain = new Chain({ provider }).use(trim({ targetTokens: 5000 }));
    await chain.stream({ messages }).result();
    const again = await figuresOf(chain.stream({ messages }));
    const billed = countRequest({ messages }, foreign);
    expect(Math.abs(again.token_out / billed - 1)).toBeLessThan(0.02);

    const { conversation } = await errorsOf(japanese);
    const elsewhere = billing();
    const restored = Conversation.fromJSON(JSON.parse(JSON.stringify(conversation)), {
      chain: new Chain({ provider: elsewhere }).use(trim({ targetTokens: 1200 })),
    });
    const figures = await figuresOf(restored.send(japanese(200)));
    const sent = countRequest(elsewhere.requests[0] ?? { messages: [] }, foreign);
    expect(Math.abs(figures.token_out / sent - 1)).toBeLessThan(0.05);
  });

  it('starts anew where the stored state is broken, or of another model', async () => {
    const messages: Message[] = [{ role: 'user', content: 'こんにちは、元気ですか。'.repeat(20) }];
    const chain = new Chain({ provider: billing() }).use(trim({ targetTokens: 5000 }));
    const known = (calibration: unknown) =>
      new Map([['trim', { phases: {}, calibrations: { 'some-new-model': calibration } }]]);
    const plain = await figuresOf(chain.stream({ messages }));
    for (const broken of [
      null,
      'x',
      { model: 'another', factor: 3, error: 0, samples: 1 },
      { model: 'some-new-model', factor: Number.NaN, error: 0, samples: 1 },
    ]) {
      const fresh = new Chain({ provider: billing() }).use(trim({ targetTokens: 5000 }));
      expect((await figuresOf(fresh.stream({ messages, state: known(broken) }))).token_out).toBe(
        plain.token_out,
      );
    }
  });

  it('goes by a conversation’s own text before that of others', async () => {
    const provider = billing();
    const chain = new Chain({ provider }).use(trim({ targetTokens: 1200 }));
    const [one, other] = [new Conversation({ chain }), new Conversation({ chain })];
    let [english, japanese] = [0, 0];
    for (let turn = 0; turn < 5; turn += 1) {
      const first = await figuresOf(one.send(kinds['English']?.(turn) ?? ''));
      english = Math.abs(
        first.token_out / countRequest(provider.requests.at(-1) ?? { messages: [] }, foreign) - 1,
      );
      const second = await figuresOf(other.send(kinds['Japanese']?.(turn) ?? ''));
      japanese = Math.abs(
        second.token_out / countRequest(provider.requests.at(-1) ?? { messages: [] }, foreign) - 1,
      );
    }
    expect(Math.max(english, japanese)).toBeLessThan(0.05);
  });

  it('is not touched by calls that fail, are not billed, or go to another model', async () => {
    const messages: Message[] = [{ role: 'user', content: kinds['Japanese']?.(1) ?? '' }];
    const provider = scriptedProvider(
      ['not billed', { error: providerError('bad-request', { retryable: false }) }, 'end'],
      {
        model: 'some-new-model',
      },
    );
    const elsewhere = {
      name: 'elsewhere',
      stage: 'call' as const,
      wrap:
        (next: Generate): Generate =>
        (request, context) =>
          next({ ...request, model: 'other' }, context),
    };
    const rerouted = new Chain({ provider: billing() }).use(trim({ targetTokens: 5000 })).use(elsewhere);
    const chain = new Chain({ provider }).use(trim({ targetTokens: 5000 }));
    const state = new Map<string, unknown>();
    const first = await figuresOf(chain.stream({ messages, state }));
    await expect(chain.stream({ messages, state }).result()).rejects.toThrow('scripted bad-request');
    expect((await figuresOf(chain.stream({ messages, state }))).token_out).toBe(first.token_out);
    for (const _ of [1, 2]) {
      expect((await figuresOf(rerouted.stream({ messages, state }))).token_out).toBe(first.token_out);
    }
    expect(JSON.stringify([...state])).not.toContain('calibrations');
  });
});

describe('the context of a trimmed call', () => {
  const contextOf = async (model: string, options: Partial<TrimStepOptions> = {}) => {
    const contexts: [before: RunContext, after: RunContext][] = [];
    const told: string[] = [];
    const spy = {
      name: 'spy',
      stage: 'call' as const,
      wrap:
        (next: Generate): Generate =>
        (request, context) => {
          const mine = { ...context, settled: () => void told.push('outer') };
          return trim({ targetTokens: 5000, ...options }).wrap((inner, after) => {
            contexts.push([mine, after]);
            return next(inner, after);
          })(request, mine);
        },
    };
    const chain = new Chain({ provider: billing(model) }).use(spy);
    await chain.stream({ messages: [{ role: 'user', content: 'Hello' }] }).result();
    return { contexts, told };
  };

  it('listens only where tokens are estimated, and never in the way of who listens already', async () => {
    const exact = await contextOf('gpt-5-mini');
    expect(exact.contexts[0]?.[1]).toBe(exact.contexts[0]?.[0]);
    const own = await contextOf('some-new-model', {
      counter: { name: 'own', exact: false, count: (text) => text.length },
    });
    expect(own.contexts[0]?.[1]).toBe(own.contexts[0]?.[0]);
    const estimated = await contextOf('some-new-model');
    expect(estimated.contexts[0]?.[1]).not.toBe(estimated.contexts[0]?.[0]);
    for (const { told } of [exact, own, estimated]) expect(told).toEqual(['outer']);
  });
});
