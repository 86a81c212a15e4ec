import { readdirSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ProviderError } from '../../../src/errors.ts';
import type { ChainEvent, FinishReason, Usage } from '../../../src/event.ts';
import { cut } from '../../servers/respond.ts';
import { labels, singleBytes, type Replay, type Replayed } from './replay-wire.ts';

/** What a fixture says. */
export interface ExpectedAnswer {
  readonly text: string;
  readonly reasoning?: string;
  /** What is to be passed back with the reasoning, in order. */
  readonly proofs?: readonly unknown[];
  readonly tools?: readonly (readonly [id: string, name: string, args: string])[];
  readonly finishReason?: FinishReason;
  readonly vendorReason?: string | null;
  readonly usage?: Usage | null;
  readonly servedModel?: string;
  /** Where the stream fails: the error's code and whether it is retryable. */
  readonly error?: readonly [code: string, retryable: boolean];
  /** True where the end is told more than once, so that a cut between them cannot be noticed. */
  readonly endsEarly?: boolean;
}

type Expectations = Readonly<Record<string, ExpectedAnswer>>;

function texts(events: readonly ChainEvent[], type: 'token' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

function outcome({ events, error }: Replayed): unknown {
  return { events, error: error instanceof ProviderError ? error.toJSON() : error };
}

const changes: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['line ends CRLF', (text) => text.replaceAll(/\r?\n/g, '\r\n')],
  ['line ends LF', (text) => text.replaceAll('\r\n', '\n')],
  ['comments between the events', (text) => text.replaceAll('data: {', ': keep-alive\ndata: {')],
  ['no space after the colon', (text) => text.replaceAll('data: ', 'data:')],
  ['no names of events', (text) => text.replaceAll(/^event: .*\r?\n/gm, '')],
  ['empty data events', (text) => text.replaceAll('data: {', 'data:\n\ndata: {')],
  [
    'ids, retries and names',
    (text) => text.replaceAll('data: {', 'id: 7\nretry: 10\nevent: message\ndata: {'),
  ],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['no blank line at the end', (text) => text.trimEnd()],
  ['unknown events', (text) => text.replace('data: {', 'data: {"type":"of_tomorrow","x":1}\n\ndata: {')],
];

/** Registers the tests that the fixtures of every protocol pass: they say what they say, however the bytes are cut and framed. */
export function testFixtures(wire: Replay, expectations: Expectations): void {
  const names = Object.keys(expectations);

  test('every fixture of the folder is expected here', () => {
    const files = readdirSync(wire.folder).filter((file) => file.endsWith('.sse'));
    expect(files.map((file) => file.replace('.sse', '')).toSorted()).toEqual(names.toSorted());
  });

  describe.each(Object.entries(expectations))('%s', (name, expected) => {
    const bytes = wire.fixture(name);
    const text = new TextDecoder().decode(bytes);
    const whole = wire.replay([bytes]);

    test('says what it says', () => {
      expect(told(whole)).toEqual(wanted(expected));
    });

    test('byte by byte the same', () => {
      expect(outcome(wire.replay(singleBytes(bytes)))).toEqual(outcome(whole));
    });

    test('in any cuts the same', () => {
      fc.assert(
        fc.property(fc.array(fc.nat(20_000), { maxLength: 40 }), (offsets) => {
          expect(outcome(wire.replay(cut(bytes, offsets)))).toEqual(outcome(whole));
        }),
        { numRuns: 40 },
      );
    });

    test.each(changes)('with %s the same, also byte by byte', (_what, change) => {
      const changed = change(text);
      expect(outcome(wire.replayText(changed))).toEqual(outcome(whole));
      expect(outcome(wire.replay(singleBytes(new TextEncoder().encode(changed))))).toEqual(outcome(whole));
    });

    // A fixture that is cut off already has nothing to lose.
    if (expected.endsEarly === true) return;
    test('cut off anywhere it is an error or the whole answer, never a part of it', () => {
      fc.assert(
        fc.property(fc.nat(bytes.length), (length) => {
          const { events, error } = wire.replay([bytes.subarray(0, length)]);
          const isWhole = events.at(-1)?.type === 'attempt-end';
          expect(isWhole).toBe(error === undefined);
          if (isWhole) expect(texts(events, 'token')).toBe(expected.text);
          else expect(error).toBeInstanceOf(ProviderError);
        }),
        { numRuns: 80 },
      );
    });
  });
}

/** What a replay says, in the words of an expectation. */
function told({ events, error }: Replayed): unknown {
  const [end] = events.slice(-1);
  return {
    text: texts(events, 'token'),
    reasoning: texts(events, 'reasoning'),
    proofs: events.flatMap((event) =>
      event.type === 'reasoning' && event.providerData ? [event.providerData] : [],
    ),
    tools: events.flatMap((event) =>
      event.type === 'tool-call' ? [[event.id, event.name, event.arguments]] : [],
    ),
    error: error instanceof ProviderError ? [error.code, error.retryable] : error,
    end: end?.type === 'attempt-end' ? end : undefined,
  };
}

function wanted(expected: ExpectedAnswer): unknown {
  const { text, reasoning = '', proofs = [], tools = [], error, servedModel } = expected;
  const end = {
    type: 'attempt-end',
    ...labels,
    outcome: 'completed',
    finishReason: expected.finishReason,
    vendorReason: expected.vendorReason ?? null,
    usage: expected.usage ?? null,
    ...(servedModel === undefined ? {} : { servedModel }),
    retryable: null,
    delayMs: null,
    superseded: false,
  };
  return { text, reasoning, proofs, tools, error, end: error === undefined ? end : undefined };
}
