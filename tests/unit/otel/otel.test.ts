import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { fallback } from '../../../src/reliability/fallback.ts';
import { FakeClock, providerError, scriptedProvider, type Script } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';
import { record, useContexts } from './recorder.ts';

const messages = [{ role: 'user', content: 'When does the freeze begin?' }] as const;
const usage = { token_in: 100, token_out: 20, token_cache_read: 40, token_reasoning: 5 };
const long = Array.from({ length: 30 }, (_, index) => ({
  role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: `Message ${index} of a long talk about parcels, dates and prices.`,
}));

afterAll(useContexts());

function chainOf(seen: ReturnType<typeof record>, ...scripts: (Script | string)[]): Chain {
  const provider = scriptedProvider(scripts, { retry: { baseDelayMs: 0 } });
  return new Chain({ provider, name: 'support', observers: [seen.observer], price: () => 0.5 });
}

describe('otel', () => {
  it('makes a span per run, phase and attempt, with the attributes of the conventions', async () => {
    const seen = record();
    await chainOf(seen, { text: 'ok', usage }).stream({ messages, req_id: 'r-1' }).result();
    expect(seen.tree()).toBe('invoke_workflow support\n  phase answer\n    chat scripted-1');
    expect(seen.open).toBe(0);
    const attempt = seen.span('chat scripted-1');
    // The scripted provider is no language model; a real one's span is a client's.
    expect(attempt.kind).toBe(SpanKind.INTERNAL);
    expect(attempt.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'scripted',
      'gen_ai.request.model': 'scripted-1',
      'gen_ai.request.stream': true,
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 20,
      'gen_ai.usage.cache_read.input_tokens': 40,
      'gen_ai.usage.reasoning.output_tokens': 5,
      'katamari.req_id': 'r-1',
      'katamari.cost_usd': 0.5,
      'katamari.outcome': 'completed',
    });
    expect(attempt.attributes).not.toHaveProperty('gen_ai.conversation.compacted');
    expect(seen.span('invoke_workflow support').attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'support',
      'katamari.status': 'completed',
      'katamari.token_in': 100,
      'katamari.calls': 1,
    });
  });

  it('makes a client’s span of a language model’s attempt, and names its provider and model as the conventions do', async () => {
    const seen = record();
    const scripted = scriptedProvider([{ text: 'ok' }], { name: 'google', model: 'gemini-x' });
    const provider = { ...scripted, isLanguageModel: true, generate: scripted.generate };
    await new Chain({ provider, observers: [seen.observer] }).stream({ messages }).result();
    const attempt = seen.span('chat gemini-x');
    expect(attempt.kind).toBe(SpanKind.CLIENT);
    expect(attempt.attributes['gen_ai.provider.name']).toBe('gcp.gemini');
  });

  it('shows each attempt of a call that is repeated, and how it failed', async () => {
    const seen = record();
    const error = providerError('overloaded');
    await chainOf(seen, { text: 'half', error }, 'whole').stream({ messages }).result();
    expect(seen.tree()).toBe(
      'invoke_workflow support\n  phase answer\n    chat scripted-1\n    chat scripted-1',
    );
    const [first] = seen.spans;
    expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'overloaded' });
    expect(first?.attributes).toMatchObject({
      'error.type': 'overloaded',
      'katamari.outcome': 'failed',
      'katamari.superseded': true,
      'katamari.retryable': true,
      'katamari.error_retryable': true,
    });
    expect(seen.span('phase answer').status.code).toBe(SpanStatusCode.UNSET);
    expect(seen.span('invoke_workflow support').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('shows the phases of a reflection', async () => {
    const seen = record();
    const critique = '{"verdict": "revise", "issues": [{"severity": "major", "problem": "too short"}]}';
    const chain = chainOf(seen, 'draft', critique, 'final').use(reflect());
    await chain.stream({ messages }).result();
    expect(seen.tree().match(/phase \w+/g)).toEqual(['phase draft', 'phase critique', 'phase final']);
    expect(seen.open).toBe(0);
  });

  it('marks calls whose conversation was trimmed, a fallback’s call too', async () => {
    const seen = record();
    const down = { error: providerError('server', { retryable: false }) };
    const chain = chainOf(seen, down)
      .use(trim({ targetTokens: 300, strategy: 'recent' }))
      .use(fallback([scriptedProvider(['from the other'], { model: 'other-1' })]));
    await chain.stream({ messages: [...long, ...messages] }).result();
    await chain.stream({ messages }).result();
    expect(seen.open).toBe(0);
    const compacted = (name: string) =>
      seen.spans
        .filter((span) => span.name === name)
        .map((span) => span.attributes['gen_ai.conversation.compacted']);
    expect(compacted('chat scripted-1')).toEqual([true, undefined]);
    expect(compacted('chat other-1')).toEqual([true, undefined]);
    expect(compacted('trim')).toEqual([true, undefined]);
    expect(seen.span('trim').attributes).toMatchObject({ 'katamari.trim.strategy': 'recent' });
    expect(seen.span('trim').attributes).not.toHaveProperty('katamari.trim.semantic_retention');
  });

  it('leaves no span open, however a run ends', async () => {
    const seen = record();
    const hanging = chainOf(seen, { text: ['a', 'b'], hang: true });
    for await (const _ of hanging.stream({ messages }).tokens()) break;
    expect(seen.open).toBe(0);
    const aborted = hanging.stream({ messages });
    for await (const event of aborted) if (event.type === 'token') aborted.abort();
    expect(seen.open).toBe(0);
    await expect(chainOf(seen, { error: providerError() }).stream({ messages }).result()).rejects.toThrow(
      'server',
    );
    expect(seen.open).toBe(0);
    await expect(chainOf(seen, 'ok').stream({ messages: [] }).result()).rejects.toThrow('messages');
    expect(seen.open).toBe(0);
    const broken = {
      name: 'broken',
      stage: 'plan',
      wrap: () => () => {
        throw new TypeError('mine');
      },
    } as const;
    await expect(chainOf(seen, 'ok').use(broken).stream({ messages }).result()).rejects.toThrow('mine');
    expect(seen.open).toBe(0);
    // A provider that does not listen: the run ends without the attempt's own end.
    const clock = new FakeClock();
    const deaf = {
      ...scriptedProvider(['']),
      generate: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }),
      }),
    };
    const plan = { name: 'deaf', stage: 'plan', wrap: () => deaf.generate } as const;
    const chain = new Chain({ provider: deaf, observers: [seen.observer], clock });
    for (const run of [chain.stream({ messages }), chain.use(plan).stream({ messages })]) {
      const result = run.result();
      await clock.advance(10);
      run.abort();
      await clock.advance(2000);
      await result;
    }
    expect(seen.open).toBe(0);
    const statuses = seen.spans
      .filter(({ name }) => name.startsWith('invoke'))
      .map((span) => span.attributes['katamari.status']);
    expect(statuses).toEqual(['aborted', 'aborted', 'failed', 'failed', 'failed', 'aborted', 'aborted']);
  });

  it('keeps apart calls that run side by side, and runs that bear the same id', async () => {
    const seen = record();
    const both = {
      name: 'both',
      stage: 'plan',
      wrap: (next) =>
        async function* (request, context) {
          const drafts = ['draft', 'draft'].map((phase) =>
            next(request, { ...context, phase: phase as 'draft', answer: false })[Symbol.asyncIterator](),
          );
          for (let alive = drafts; alive.length > 0;) {
            const results = await Promise.all(
              alive.map(async (draft) => ({ draft, result: await draft.next() })),
            );
            for (const { result } of results) if (result.done !== true) yield result.value;
            alive = results.filter(({ result }) => result.done !== true).map(({ draft }) => draft);
          }
          yield* next(request, { ...context, phase: 'final' });
        },
    } as const satisfies Parameters<Chain['use']>[0];
    const chain = chainOf(seen, { text: ['1', '2'], usage }).use(both);
    await Promise.all([
      chain.stream({ messages, req_id: 'same' }).result(),
      chain.stream({ messages, req_id: 'same' }).result(),
    ]);
    expect(seen.open).toBe(0);
    const names = seen.spans.map(({ name }) => name).toSorted();
    expect(names.filter((name) => name === 'phase draft').length).toBeGreaterThanOrEqual(2);
    expect(names.filter((name) => name.startsWith('invoke'))).toHaveLength(2);
  });

  it('captures what models write only where it is told to', async () => {
    const script = {
      text: 'secret answer',
      toolCalls: [{ id: 't1', name: 'look_up', arguments: '{"who":"Mrs Sato"}' }],
    };
    const [closed, open] = [record(), record({ captureContent: true })];
    for (const seen of [closed, open]) await chainOf(seen, script).stream({ messages }).result();
    expect(JSON.stringify(closed.spans.map(({ attributes, events }) => [attributes, events]))).not.toMatch(
      /secret|Sato/,
    );
    expect(JSON.parse(String(open.span('chat scripted-1').attributes['gen_ai.output.messages']))).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'secret answer' },
          { type: 'tool_call', id: 't1', name: 'look_up', arguments: '{"who":"Mrs Sato"}' },
        ],
        finish_reason: 'tool-calls',
      },
    ]);
  });

  it('belongs to the span that is active where the run is first read', async () => {
    const seen = record();
    await seen.tracer.startActiveSpan('request', async (parent) => {
      const run = chainOf(seen, 'ok').stream({ messages });
      await run.result();
      parent.end();
    });
    expect(seen.tree()).toMatch(/^request\n {2}invoke_workflow support\n/);
  });

  it('belongs to the traceparent that the run is given, unless the active span is of that trace', async () => {
    const seen = record();
    const chain = chainOf(seen, 'ok');
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await chain.stream({ messages, traceparent: `00-${traceId}-00f067aa0ba902b7-01` }).result();
    expect(seen.span('invoke_workflow support').parentSpanContext).toMatchObject({
      traceId,
      spanId: '00f067aa0ba902b7',
      isRemote: true,
    });
    for (const traceparent of [
      '',
      'nonsense',
      `ff-${traceId}-00f067aa0ba902b7-01`,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-${traceId}-00f067aa0ba902b7-01-more`,
    ]) {
      await chain.stream({ messages, traceparent }).result();
      expect(seen.spans.findLast(({ name }) => name.startsWith('invoke'))?.parentSpanContext).toBeUndefined();
    }
    await seen.tracer.startActiveSpan('request', async (parent) => {
      const { traceId: active, spanId } = parent.spanContext();
      await chain.stream({ messages, traceparent: `00-${active}-00f067aa0ba902b7-01` }).result();
      expect(seen.spans.findLast(({ name }) => name.startsWith('invoke'))?.parentSpanContext?.spanId).toBe(
        spanId,
      );
      parent.end();
    });
  });

  it('records the conventions’ metrics, with their bounds', async () => {
    const seen = record();
    const clock = new FakeClock();
    const provider = scriptedProvider([
      { error: providerError('overloaded') },
      { text: ['a', 'b'], delayMs: 400, usage },
    ]);
    const chain = new Chain({ provider, observers: [seen.observer], clock, random: () => 0 });
    const result = chain.stream({ messages }).result();
    await clock.advance(3000);
    await result;
    const common = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'scripted',
      'gen_ai.request.model': 'scripted-1',
    };
    const durations = await seen.points('gen_ai.client.operation.duration');
    expect(durations).toMatchObject([
      { attributes: { ...common, 'error.type': 'overloaded' }, count: 1, sum: 0 },
      { attributes: common, count: 1, sum: 0.8 },
    ]);
    expect(durations[0]?.bounds).toEqual([
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]);
    expect(await seen.points('gen_ai.client.operation.time_to_first_chunk')).toMatchObject([
      { attributes: common, count: 1, sum: 0.4 },
    ]);
    const tokens = await seen.points('gen_ai.client.token.usage');
    expect(tokens).toMatchObject([
      { attributes: { ...common, 'gen_ai.token.type': 'input' }, count: 1, sum: 100 },
      { attributes: { ...common, 'gen_ai.token.type': 'output' }, count: 1, sum: 20 },
    ]);
    expect(tokens[0]?.bounds.slice(0, 4)).toEqual([1, 4, 16, 64]);
  });

  it('does not report counts that the provider did not', async () => {
    const seen = record();
    await chainOf(seen, 'no usage').stream({ messages }).result();
    expect(await seen.points('gen_ai.client.token.usage')).toEqual([]);
    expect(seen.span('chat scripted-1').attributes['katamari.estimated']).toBe(true);
  });
});
