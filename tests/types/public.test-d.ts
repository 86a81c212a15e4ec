import {
  Chain,
  persona,
  reflect,
  rewriteStep,
  trim,
  type ChainEvent,
  type Generate,
  type Message,
  type Provider,
  type Run,
  type RunMetrics,
  type Step,
} from 'katamari';
import type { Embedder } from 'katamari/trim';
import { describe, expectTypeOf, it } from 'vitest';

declare const provider: Provider;
declare const run: Run;

describe('the types a user meets', () => {
  it('compose', () => {
    const chain = new Chain({ provider })
      .use(persona({ name: 'p' }))
      .use(trim({ targetTokens: 1 }))
      .use(reflect());
    expectTypeOf(chain).toEqualTypeOf<Chain>();
    expectTypeOf(chain.stream({ messages: [] })).toEqualTypeOf<Run>();
    expectTypeOf(rewriteStep).returns.toEqualTypeOf<Step>();
  });

  it('stream', () => {
    expectTypeOf(run).toExtend<AsyncIterable<ChainEvent>>();
    expectTypeOf(run.tokens()).toExtend<AsyncIterable<string>>();
    expectTypeOf(run.result()).resolves.toHaveProperty('metrics').toEqualTypeOf<RunMetrics>();
  });

  it('narrow by the type of an event, and by the scope of metrics', () => {
    const event = {} as ChainEvent;
    if (event.type === 'token') expectTypeOf(event.text).toEqualTypeOf<string>();
    if (event.type === 'metrics' && event.scope === 'trim')
      expectTypeOf(event.compress_ratio).toEqualTypeOf<number>();
    if (event.type === 'metrics' && event.scope === 'run') expectTypeOf(event.calls).toEqualTypeOf<number>();
  });

  it('take a conversation written down as it is', () => {
    expectTypeOf<{
      readonly role: 'assistant';
      readonly content: '';
      readonly toolCalls: readonly [{ readonly id: '1'; readonly name: 'n'; readonly arguments: '{}' }];
    }>().toExtend<Message>();
    expectTypeOf<{
      readonly role: 'tool';
      readonly toolCallId: '1';
      readonly content: '42';
    }>().toExtend<Message>();
    expectTypeOf<{ role: 'system'; content: string[] }>().not.toExtend<Message>();
  });

  it('refuse what would fail', () => {
    // @ts-expect-error a system message has plain text
    const parts: Message = { role: 'system', content: [{ type: 'text', text: 'x' }] };
    // @ts-expect-error a trim needs a budget
    trim({});
    // @ts-expect-error a persona needs a name
    persona({ style: 'x' });
    expectTypeOf(parts).toEqualTypeOf<Message>();
  });

  it('let a provider be ten lines', () => {
    expectTypeOf<Provider['generate']>().toEqualTypeOf<Generate>();
    expectTypeOf<Embedder['embed']>().parameter(0).toEqualTypeOf<readonly string[]>();
  });
});
