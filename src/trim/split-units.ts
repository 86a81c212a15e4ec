import type { Message } from '../message.ts';
import { aboutTokens } from './about-tokens.ts';

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
  /** All units, in the order in which they begin. */
  readonly all: readonly Unit[];
  /** The unit of each message, by its place; `undefined` for system messages. */
  readonly unitOf: readonly (Unit | undefined)[];
  /** The turn of each message, by its place: index into `turns`, −1 before the first message that is not of the system. */
  readonly turnOf: readonly number[];
  /** Places of messages that stay wherever they stand: those of the system, and pinned ones. Rising. */
  readonly staying: readonly number[];
  /** Whether there are results without a call. */
  readonly hasOrphans: boolean;
  /** About how many tokens the text of each message has, by its place; −1 where a message has more than a text. */
  readonly abouts: readonly number[];
}

/** A call that waits for its results. */
interface OpenCall {
  readonly indices: number[];
  waiting: number;
}

/** Cuts a history that is looked at once: see {@link UnitBook}. */
export function splitUnits(messages: readonly Message[]): Units {
  return new UnitBook().read(messages);
}

/** A turn while it is read. */
interface OpenTurn extends Turn {
  readonly units: Unit[];
  /** How many units there were before it, where it can be read again from its head: no call was open there. */
  readonly unitsBefore: number | undefined;
}

/**
 * Cuts a history into turns and units, in one pass. A result belongs to the last call before it with its id, since providers reuse ids from
 * answer to answer; a second result for one call, or one before its call, is an orphan.
 *
 * The same book reads only what is new of a history that goes on: messages are known by their identity. What it gave for the one before is
 * then no longer good.
 */
export class UnitBook implements Units {
  readonly turns: OpenTurn[] = [];
  readonly all: Unit[] = [];
  readonly unitOf: (Unit | undefined)[] = [];
  readonly turnOf: number[] = [];
  readonly staying: number[] = [];
  readonly abouts: number[] = [];
  hasOrphans = false;
  readonly #messages: Message[] = [];
  #open = new Map<string, OpenCall>();

  read(messages: readonly Message[]): this {
    this.#rewind(messages);
    for (let index = this.#messages.length; index < messages.length; index += 1) {
      const message = messages[index];
      if (message !== undefined) this.#append(message, index);
    }
    return this;
  }

  /** Forgets what is not as it was, from the head of a turn on. */
  #rewind(messages: readonly Message[]): void {
    const known = this.#messages;
    let alike = 0;
    while (alike < known.length && known[alike] === messages[alike]) alike += 1;
    if (alike === known.length) return;
    let turn: OpenTurn | undefined;
    do turn = this.turns.pop();
    while (turn !== undefined && (turn.unitsBefore === undefined || (turn.head ?? 0) > alike));
    const from = turn?.head ?? 0;
    for (const list of [known, this.unitOf, this.turnOf, this.abouts]) list.length = from;
    this.all.length = from === 0 ? 0 : (turn?.unitsBefore ?? 0);
    if (from === 0) this.turns.length = 0;
    while ((this.staying.at(-1) ?? -1) >= from) this.staying.pop();
    this.hasOrphans = this.hasOrphans && this.all.some(({ kind }) => kind === 'orphan');
    this.#open = new Map();
  }

  #append(message: Message, index: number): void {
    this.#messages.push(message);
    if (message.role === 'user') this.#begin(index);
    else if (message.role !== 'system' && this.turns.length === 0) this.#begin(undefined);
    this.turnOf.push(this.turns.length - 1);
    if (message.role === 'system' || message.pinned === true) this.staying.push(index);
    this.abouts.push(aboutOf(message));
    this.unitOf.push(message.role === 'system' ? undefined : this.#unitFor(message, index));
  }

  #begin(head: number | undefined): void {
    const unitsBefore = this.#open.size === 0 && head !== undefined ? this.all.length : undefined;
    this.turns.push({ head, units: [], unitsBefore });
  }

  #unitFor(message: Message, index: number): Unit {
    if (message.role === 'tool') {
      const call = takeCall(this.#open, message.toolCallId);
      if (call !== undefined) {
        call.indices.push(index);
        const unit = this.unitOf[call.indices[0] ?? index];
        if (unit !== undefined) return unit;
      }
    }
    const unit = beginUnit(message, index, this.#open);
    if (unit.kind === 'orphan') this.hasOrphans = true;
    this.all.push(unit);
    this.turns.at(-1)?.units.push(unit);
    return unit;
  }
}

function aboutOf(message: Message): number {
  const isPlain = message.role !== 'assistant' || message.toolCalls === undefined;
  return isPlain && typeof message.content === 'string' ? aboutTokens(message.content) : -1;
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
