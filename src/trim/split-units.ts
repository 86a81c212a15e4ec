import type { Message } from '../message.ts';

/** What stays or goes together: one message, or a message that calls tools with all results of its calls. */
export interface Unit {
  /** Places in the history, ascending. The results of a call may stand far from it. */
  readonly indices: readonly number[];
  /** `orphan`: the result of a call that is not (or no longer) in the history. */
  readonly kind: 'message' | 'tools' | 'orphan';
}

/** A user message with all that follows until the next one. What stands before the first user message is a turn without a head. */
export interface Turn {
  /** Place of the user message in the history; `undefined` before the first one. */
  readonly head: number | undefined;
  /** The units that begin in it, the head's own first. */
  readonly units: readonly Unit[];
}

/** A history cut into what a trim may take or leave. System messages are in no unit: they stay. */
export interface Units {
  /** Oldest first; the last one is the current turn. Empty when there are only system messages. */
  readonly turns: readonly Turn[];
  /** The unit of each message, by its place; `undefined` for system messages. */
  readonly unitOf: readonly (Unit | undefined)[];
  /** The turn of each message, by its place: index into `turns`, −1 before the first message that is not of the system. */
  readonly turnOf: Int32Array;
}

/** A call that waits for its results. */
interface OpenCall {
  readonly indices: number[];
  waiting: number;
}

/**
 * Cuts a history into turns and units, in one pass. A result belongs to the last call before it with its id, since providers reuse ids from
 * answer to answer; a second result for one call, or one before its call, is an orphan.
 */
export function splitUnits(messages: readonly Message[]): Units {
  const turns: { head: number | undefined; units: Unit[] }[] = [];
  const unitOf: (Unit | undefined)[] = Array.from({ length: messages.length });
  const turnOf = new Int32Array(messages.length).fill(-1);
  const open = new Map<string, OpenCall>();
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index];
    if (message === undefined) continue;
    if (message.role === 'user') turns.push({ head: index, units: [] });
    else if (message.role !== 'system' && turns.length === 0) turns.push({ head: undefined, units: [] });
    turnOf[index] = turns.length - 1;
    if (message.role === 'system') continue;
    if (message.role === 'tool') {
      const call = takeCall(open, message.toolCallId);
      if (call !== undefined) {
        call.indices.push(index);
        unitOf[index] = unitOf[call.indices[0] ?? index];
        continue;
      }
    }
    const unit = beginUnit(message, index, open);
    unitOf[index] = unit;
    turns.at(-1)?.units.push(unit);
  }
  return { turns, unitOf, turnOf };
}

function beginUnit(message: Message, index: number, open: Map<string, OpenCall>): Unit {
  const indices = [index];
  if (message.role === 'tool') return { indices, kind: 'orphan' };
  if (message.role !== 'assistant' || message.toolCalls === undefined || message.toolCalls.length === 0) {
    return { indices, kind: 'message' };
  }
  const mine = new Set<OpenCall>();
  for (const { id } of message.toolCalls) {
    const same = open.get(id);
    if (same !== undefined && mine.has(same)) same.waiting += 1;
    else {
      const call = { indices, waiting: 1 };
      mine.add(call);
      open.set(id, call);
    }
  }
  return { indices, kind: 'tools' };
}

function takeCall(open: Map<string, OpenCall>, id: string): OpenCall | undefined {
  const call = open.get(id);
  if (call === undefined) return undefined;
  call.waiting -= 1;
  if (call.waiting === 0) open.delete(id);
  return call;
}
