import { expect, it } from 'vitest';

import { completedEvent, labelsOf } from '../../src/attempt-events.ts';
import type { ChainEvent } from '../../src/event.ts';
import type { Generate, Provider } from '../../src/provider.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { conformance, type ConformancePlace, type ConformanceTopic } from '../../src/testing/node/index.ts';
import { startLoopbackServer } from '../../src/testing/node/loopback-server.ts';
import { beginEvents, write } from '../../src/testing/node/send.ts';

type Fault = (sound: Provider, place: ConformancePlace) => Provider;

/** A provider that is sound but for what it does with its stream. */
function streams(make: (generate: Generate) => Generate): Fault {
  return (sound) => ({ ...sound, generate: make(sound.generate) });
}

/** Changes the events one by one. */
function changes(change: (event: ChainEvent) => readonly ChainEvent[]): Fault {
  return streams(
    (generate) =>
      async function* (request, context) {
        for await (const batch of generate(request, context)) yield batch.flatMap(change);
      },
  );
}

/** Text of calls that run side by side ends in one pot. */
function onePot(): Fault {
  let pot = '';
  return changes((event) => {
    if (event.type === 'token') pot = (pot + event.text).slice(-200);
    return event.type === 'token' && pot.length > 30
      ? [{ ...event, text: pot.slice(-event.text.length - 1) }]
      : [event];
  });
}

const faults: readonly (readonly [what: string, fault: Fault, topic: ConformanceTopic, caught: RegExp])[] = [
  ['shows its key', (sound, { apiKey }) => ({ ...sound, apiKey }), 'contract', /shows its key/],
  [
    'begins before it is read',
    (sound) => ({
      ...sound,
      generate(request, context) {
        const stream = sound.generate(request, context)[Symbol.asyncIterator]();
        const first = stream.next();
        first.catch(() => undefined);
        let isFirst = true;
        const next = () => (isFirst ? ((isFirst = false), first) : stream.next());
        return {
          [Symbol.asyncIterator]: () => ({
            next,
            return: () => stream.return?.() ?? Promise.resolve({ done: true, value: undefined }),
          }),
        };
      },
    }),
    'contract',
    /nothing until it is read/,
  ],
  [
    'labels of its own',
    changes((event) => [{ ...event, attempt: 1 } as ChainEvent]),
    'contract',
    /labels from the context/,
  ],
  [
    'two ends',
    changes((event) => (event.type === 'attempt-end' ? [event, event] : [event])),
    'contract',
    /one attempt-end/,
  ],
  [
    'thoughts as text',
    changes((event) => (event.type === 'reasoning' ? [{ ...event, type: 'token' }] : [event])),
    'answer',
    /reasoning is kept apart/,
  ],
  [
    'usage counted twice',
    changes((event) =>
      event.type === 'attempt-end' && event.usage !== null
        ? [{ ...event, usage: { ...event.usage, token_out: event.usage.token_out * 2 } }]
        : [event],
    ),
    'answer',
    /text comes whole/,
  ],
  [
    'zero for no usage',
    changes((event) =>
      event.type === 'attempt-end'
        ? [{ ...event, usage: event.usage ?? { token_in: 0, token_out: 0 } }]
        : [event],
    ),
    'answer',
    /no usage/,
  ],
  [
    'a stream that broke off taken for whole',
    streams(
      (generate) =>
        async function* (request, context) {
          let hasEnded = false;
          try {
            for await (const batch of generate(request, context)) {
              hasEnded ||= batch.some(({ type }) => type === 'attempt-end');
              yield batch;
            }
          } catch (error) {
            if (context.signal.aborted) throw error;
          }
          if (!hasEnded) yield [completedEvent(labelsOf(context), { finishReason: 'stop' })];
        },
    ),
    'ending',
    /ends early fails/,
  ],
  [
    'a signal that is not passed on',
    streams(
      (generate) => (request, context) =>
        generate(request, { ...context, signal: new AbortController().signal }),
    ),
    'leaving',
    /abort after 1 of/,
  ],
  [
    'a return that is not passed on',
    streams((generate) => (request, context) => {
      const stream = generate(request, context)[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => stream.next() }) };
    }),
    'leaving',
    /break closes/,
  ],
  [
    'keep-alives that are swallowed',
    streams(
      (generate) =>
        async function* (request, context) {
          for await (const batch of generate(request, context)) if (batch.length > 0) yield batch;
        },
    ),
    'silence',
    /sign of life/,
  ],
  [
    'retries of its own',
    streams(
      (generate) =>
        async function* (request, context) {
          for (let attempt = 0; ; attempt += 1) {
            try {
              yield* generate(request, context);
              return;
            } catch (error) {
              if (attempt === 2) throw error;
            }
          }
        },
    ),
    'status',
    /repeated by the chain/,
  ],
  ['answers that get mixed up', onePot(), 'load', /at once/],
  [
    'reading ahead without a bound',
    streams(
      (generate) =>
        async function* (request, context) {
          const batches: (readonly ChainEvent[])[] = [];
          const reading = (async () => {
            for await (const batch of generate(request, context)) batches.push(batch);
          })().catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, 50));
          yield* batches;
          await reading;
        },
    ),
    'load',
    /holds the host back/,
  ],
];

it.concurrent.each(faults)('an adapter with %s is caught', async (_what, fault, topic, caught) => {
  const checks = conformance({
    protocol: 'openai-chat',
    timeoutMs: 1500,
    provider: (place) =>
      fault(openaiCompatible({ model: 'm', apiKey: place.apiKey, baseURL: place.baseURL }), place),
  });
  const found: string[] = [];
  for (const check of checks.filter((check) => check.topic === topic && caught.test(check.name))) {
    await check.run().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'AssertionError' });
      found.push(check.name);
    });
  }
  expect(found).not.toEqual([]);
});

it('checks have names of their own', () => {
  const names = conformance({
    protocol: 'openai-chat',
    provider: () => openaiCompatible({ model: 'm', baseURL: 'http://127.0.0.1:9' }),
  }).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it('what the kit writes apart is read apart', async () => {
  await using server = await startLoopbackServer(async ({ response }) => {
    beginEvents(response);
    for (let index = 0; index < 300; index += 1) await write(response, 'ab');
    response.end();
  });
  const { body } = await fetch(server.url);
  let reads = 0;
  for await (const bytes of body ?? []) reads += bytes.length > 0 ? 1 : 0;
  expect(reads).toBeGreaterThan(270);
});
