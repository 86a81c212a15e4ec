import { labelsOf } from '../../attempt-events.ts';
import { isKatamariError, type KatamariError } from '../../errors.ts';
import type { AttemptEndEvent, AttemptLabels, ChainEvent } from '../../event.ts';
import { expectEqual, expectThat, failed } from './expect-equal.ts';

type Stream = AsyncIterable<readonly ChainEvent[]>;

/** What a stream told, put together. */
export interface Seen {
  text: string;
  reasoning: string;
  readonly toolCalls: { readonly id: string; readonly name: string; readonly arguments: string }[];
  end: AttemptEndEvent | undefined;
  readonly events: ChainEvent[];
}

/** Nothing yet. */
function nothingSeen(): Seen {
  return { text: '', reasoning: '', toolCalls: [], end: undefined, events: [] };
}

/** Reads a stream to its end and holds it to the rules that every stream keeps. */
export async function readAnswer(
  stream: Stream,
  labels: AttemptLabels,
): Promise<Seen & { end: AttemptEndEvent }> {
  const seen = nothingSeen();
  await readInto(stream, labels, seen);
  const { end } = seen;
  expectThat(end !== undefined, 'a stream that ends without an error', 'one attempt-end, last', 'none');
  return { ...seen, end };
}

/** Reads a stream that must fail, and gives what was thrown and what came before. */
export async function readFailure(
  stream: Stream,
  labels: AttemptLabels,
): Promise<{ error: KatamariError; seen: Seen }> {
  const seen = nothingSeen();
  let thrown: unknown;
  try {
    await readInto(stream, labels, seen);
  } catch (error) {
    thrown = error;
  }
  expectThat(thrown !== undefined, 'the stream', 'an error', seen.end ?? 'an end without one');
  expectEqual(seen.end, undefined, 'the attempt-end, when an error is thrown');
  if (!isKatamariError(thrown)) throw failed('the error', 'a KatamariError', thrown);
  return { error: thrown, seen };
}

async function readInto(stream: Stream, labels: AttemptLabels, seen: Seen): Promise<void> {
  for await (const batch of stream) take(batch, labels, seen);
}

/** Takes one batch, and checks it against the rules of a provider's stream. */
function take(batch: readonly ChainEvent[], labels: AttemptLabels, seen: Seen): void {
  const isArray: boolean = Array.isArray(batch);
  expectThat(isArray, 'what the stream yields', 'an array of events', batch);
  for (const event of batch) {
    expectEqual(seen.end, undefined, `the attempt-end, when a further ${event.type} comes`);
    takeEvent(event, seen);
    expectEqual(labelsOf(event as AttemptLabels), labelsOf(labels), `the labels of a ${event.type}`);
    expectEqual(JSON.parse(JSON.stringify(event)), event, `a ${event.type}, as plain JSON`);
    seen.events.push(event);
  }
}

function takeEvent(event: ChainEvent, seen: Seen): void {
  if (event.type === 'token') seen.text += event.text;
  else if (event.type === 'reasoning') seen.reasoning += event.text;
  else if (event.type === 'tool-call') {
    seen.toolCalls.push({ id: event.id, name: event.name, arguments: event.arguments });
  } else if (event.type === 'attempt-end') {
    expectEqual(event.outcome, 'completed', 'outcome of a provider’s attempt-end');
    seen.end = event;
  } else throw failed('the kind of an event', 'token, reasoning, tool-call or attempt-end', event.type);
}
