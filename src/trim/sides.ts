import type { AssistantMessage, Message, UserMessage } from '../message.ts';

/** What stands where all between two messages of one side is left out, so that the sides still alternate. One token in most encodings. */
const LEFT_OUT = '[…]';
const USER_LEFT_OUT: UserMessage = Object.freeze({ role: 'user', content: LEFT_OUT });
const REPLY_LEFT_OUT: AssistantMessage = Object.freeze({ role: 'assistant', content: LEFT_OUT });

/** Whether a message only says that something is left out. */
export function isStub(message: Message): boolean {
  return message === USER_LEFT_OUT || message === REPLY_LEFT_OUT;
}

/** Neither side: of the system. */
const NOBODY = 0;
/** The user's side. */
const USER = 1;
/** The model's side, its tools with it. */
const REPLY = 2;

/**
 * Who speaks in a history, message by message. Where two neighbours that are kept are of one side and the other side spoke between them,
 * one of the messages left out there is kept as a stub: providers and chat templates want the sides to alternate, and a model would take
 * two questions in a row for one. The same where a history would begin with a reply to somebody.
 */
export class Sides {
  readonly #sides: Uint8Array;
  /** How many messages of each side that could be a stub stand before each place. */
  readonly #users: Int32Array;
  readonly #replies: Int32Array;

  constructor(messages: readonly Message[]) {
    const size = messages.length;
    this.#sides = new Uint8Array(size);
    this.#users = new Int32Array(size + 1);
    this.#replies = new Int32Array(size + 1);
    for (let at = 0; at < size; at += 1) {
      const role = messages[at]?.role;
      this.#sides[at] = role === 'system' ? NOBODY : role === 'user' ? USER : REPLY;
      this.#users[at + 1] = (this.#users[at] ?? 0) + (role === 'user' ? 1 : 0);
      this.#replies[at + 1] = (this.#replies[at] ?? 0) + (role === 'assistant' ? 1 : 0);
    }
  }

  /** Whether a place is of the system, which belongs to no side. */
  isNobody(place: number): boolean {
    return (this.#sides[place] ?? NOBODY) === NOBODY;
  }

  /**
   * What has to stand between two kept messages with nothing kept between them; `undefined` where nothing has to.
   *
   * @param before - place of the first; −1: the beginning
   * @param after - place of the second; the history's length: the end
   */
  stub(before: number, after: number): UserMessage | AssistantMessage | undefined {
    const side = this.#sides[after] ?? NOBODY;
    if (side === NOBODY) return undefined;
    const last = before < 0 ? REPLY : this.#sides[before];
    if (side !== last) return undefined;
    const counts = side === REPLY ? this.#users : this.#replies;
    if ((counts[after] ?? 0) === (counts[before + 1] ?? 0)) return undefined;
    return side === REPLY ? USER_LEFT_OUT : REPLY_LEFT_OUT;
  }

  /** The place of the message that becomes the stub: the last one of the other side between the two. */
  placeOfStub(before: number, after: number): number {
    const counts = this.#sides[after] === REPLY ? this.#users : this.#replies;
    let place = after - 1;
    while (place > before && counts[place] === counts[place + 1]) place -= 1;
    return place;
  }
}
