import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Generate } from '../../../src/provider.ts';
import { rewriteStep } from '../../../src/rewrite-step.ts';
import type { Stage, Step } from '../../../src/step.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;

/** A step that writes its name into `seen` at each call it is on the way of. */
function tracer(name: string, stage: Stage, seen: string[]): Step {
  return {
    name,
    stage,
    wrap: (next) => (request, context) => {
      seen.push(name);
      return next(request, context);
    },
  };
}

async function collect(run: AsyncIterable<ChainEvent>): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

describe('Chain', () => {
  it('orders steps by stage and keeps the order of use inside a stage', async () => {
    const seen: string[] = [];
    const chain = new Chain({ provider: scriptedProvider(['ok']) })
      .use(tracer('call-1', 'call', seen))
      .use(tracer('plan-1', 'plan', seen))
      .use(tracer('prompt-1', 'prompt', seen))
      .use(tracer('call-2', 'call', seen))
      .use(tracer('prompt-2', 'prompt', seen));
    await chain.stream({ messages }).result();
    expect(seen).toEqual(['prompt-1', 'prompt-2', 'plan-1', 'call-1', 'call-2']);
    expect(chain.steps.map((step) => step.name)).toEqual(seen);
  });

  it('is immutable: use gives a new chain', () => {
    const chain = new Chain({ provider: scriptedProvider(['ok']) });
    const longer = chain.use(tracer('a', 'prompt', []));
    expect(chain.steps).toHaveLength(0);
    expect(longer.steps).toHaveLength(1);
  });

  it('says what is wrong with a chain without a provider or a step without a stage', () => {
    expect(() => new Chain({} as never)).toThrow(/needs a provider/);
    expect(() => new Chain({ provider: scriptedProvider([]) }).use({} as never)).toThrow(/takes a step/);
  });

  it('tells a run in the order of the protocol, every event with the req_id', async () => {
    const provider = scriptedProvider([{ text: ['Hel', 'lo'], usage: { token_in: 5, token_out: 2 } }]);
    const step = rewriteStep({
      name: 'shout',
      stage: 'prompt',
      labels: { voice: 'loud' },
      rewrite: (request) => request,
    });
    const events = await collect(
      new Chain({ provider, name: 'demo' }).use(step).stream({ messages, req_id: 'r-1' }),
    );
    expect(events.map((event) => (event.type === 'metrics' ? `metrics ${event.scope}` : event.type))).toEqual(
      [
        'run-start',
        'step-start',
        'step-end',
        'attempt-start',
        'token',
        'token',
        'attempt-end',
        'metrics call',
        'metrics run',
        'done',
      ],
    );
    expect(new Set(events.map((event) => event.req_id))).toEqual(new Set(['r-1']));
    expect(events[0]).toMatchObject({
      chain: 'demo',
      steps: ['shout'],
      labels: { voice: 'loud' },
      model: 'scripted-1',
    });
    expect(events.at(-2)).toMatchObject({
      token_in: 5,
      token_out: 2,
      compress_ratio: 1,
      semantic_retention: null,
      retryable: null,
      estimated: false,
      calls: 1,
      attempts: 1,
      step_latency_ms: [{ step: 'shout' }, { step: 'answer' }],
    });
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  it('passes on what a step emits at once, before the provider answers', async () => {
    const provider = scriptedProvider([{ hang: true }]);
    const step = rewriteStep({
      name: 'slow',
      stage: 'call',
      rewrite: async (request, { emit, req_id }) => {
        await Promise.resolve();
        emit({ type: 'issue', req_id, source: 'slow', code: 'x', severity: 'info', message: 'told' });
        return request;
      },
    });
    const types: string[] = [];
    for await (const event of new Chain({ provider }).use(step).stream({ messages })) {
      types.push(event.type);
      if (event.type === 'attempt-start') break;
    }
    expect(types).toEqual(['run-start', 'step-start', 'issue', 'step-end', 'attempt-start']);
  });

  it('lets a custom step answer without any provider call', async () => {
    const provider = scriptedProvider(['not asked']);
    const cached: Step = {
      name: 'cache',
      stage: 'plan',
      wrap: (): Generate =>
        async function* (_, { req_id }) {
          await Promise.resolve();
          yield [
            {
              type: 'token',
              req_id,
              call: 0,
              phase: 'answer',
              attempt: 0,
              answer: true,
              text: 'from the cache',
            },
          ];
        },
    };
    const result = await new Chain({ provider }).use(cached).stream({ messages }).result();
    expect(result).toMatchObject({
      text: 'from the cache',
      finishReason: 'stop',
      metrics: { calls: 0, token_in: 0 },
    });
    expect(provider.requests).toHaveLength(0);
  });

  it.each([
    ['no messages', { messages: [] }, /messages is empty/],
    ['no array', { messages: 'hello' as never }, /must be an array/],
    ['a bad role', { messages: [{ role: 'bot', content: '' }] as never }, /messages\[0\]\.role/],
    ['no content', { messages: [{ role: 'user' }] as never }, /messages\[0\]\.content/],
    ['a tool result without an id', { messages: [{ role: 'tool', content: '' }] as never }, /toolCallId/],
    ['a temperature that is no number', { messages, temperature: NaN }, /temperature/],
    ['no room for an answer', { messages, maxOutputTokens: 0 }, /maxOutputTokens/],
  ])('refuses %s with a typed error that names the place', async (_, input, message) => {
    const chain = new Chain({ provider: scriptedProvider(['ok']) });
    await expect(chain.stream(input).result()).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ['a history that starts with the assistant', [{ role: 'assistant', content: 'Hi' }, ...messages]],
    ['a system message in the middle', [...messages, { role: 'system', content: 'Be brief' }, ...messages]],
    ['an orphan tool result', [{ role: 'tool', toolCallId: 'x', content: '42' }, ...messages]],
    ['lone surrogates', [{ role: 'user', content: 'a\ud800b' }]],
    ['special tokens', [{ role: 'user', content: '<|endoftext|>' }]],
    ['a message of 10 MB', [{ role: 'user', content: 'x'.repeat(10_000_000) }]],
  ] as const)('takes %s', async (_, history) => {
    const provider = scriptedProvider(['ok']);
    await expect(new Chain({ provider }).stream({ messages: history }).result()).resolves.toMatchObject({
      text: 'ok',
    });
    expect(provider.requests[0]?.messages).toEqual(history);
  });
});
