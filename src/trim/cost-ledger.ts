import type { Message } from '../message.ts';
import type { ChatRequest } from '../request.ts';

/** What a trim must know of sizes, in tokens. A `RequestCounter` is one. */
export interface Costs {
  /** True where tokens are counted with the model's own tokenizer. */
  readonly exact: boolean;
  /** The size of one message, its overhead included. */
  message(message: Message): number;
  /** Never less than `message`, and much cheaper. */
  messageUpperBound(message: Message): number;
  /** The size of a whole request: its messages, tools, response format and overhead. */
  request(request: ChatRequest): number;
}

/** A history of about so many tokens is counted as a whole: the first time that takes a millisecond of English, and 18 to 36 of Japanese. */
const SMALL_TOKENS = 10_000;
/** Of a larger one so many messages are counted for the account, evenly spread. */
const ACCOUNT_SAMPLES = 64;

/** What surrounds a message, about, in tokens. */
const AROUND = 4;

/** The sizes of a request for the report, in tokens. */
export interface Account {
  /** Of each message, by its place. */
  readonly sizes: Float64Array;
  /** Of the whole request. */
  readonly tokens: number;
  /** True where not all of it was counted with the model's own tokenizer. */
  readonly estimated: boolean;
}

/**
 * The sizes of a request's parts, each looked up at most once: exact counts where something is decided by them, upper bounds or a guess
 * elsewhere.
 */
export class CostLedger {
  readonly messages: readonly Message[];
  /** The size of the request without its messages. */
  readonly base: number;
  readonly #costs: Costs;
  readonly #exact: Float64Array;

  constructor(request: ChatRequest, costs: Costs) {
    this.messages = request.messages;
    this.base = costs.request({ ...request, messages: [] });
    this.#costs = costs;
    this.#exact = new Float64Array(request.messages.length).fill(-1);
  }

  /** The size of one message. */
  exact(index: number): number {
    const known = this.#exact[index] ?? 0;
    const message = this.messages[index];
    if (known >= 0 || message === undefined) return known;
    return (this.#exact[index] = this.#costs.message(message));
  }

  /** The size of a message that is not in the history. */
  costOf(message: Message): number {
    return this.#costs.message(message);
  }

  /**
   * Whether the whole request is within a limit. Counts no more than it must: first the sample that the account needs, then from the newest message
   * back.
   */
  fits(limit: number): boolean {
    let upper = this.base;
    for (let index = 0; index < this.messages.length && upper <= limit; index += 1) {
      const message = this.messages[index];
      if (message !== undefined) upper += this.#costs.messageUpperBound(message);
    }
    if (upper <= limit) return true;
    const { length } = this.messages;
    const every = Math.ceil(length / ACCOUNT_SAMPLES);
    let total = this.base;
    for (let index = 0; index < length && total <= limit; index += every) total += this.exact(index);
    for (let index = length - 1; index >= 0 && total <= limit; index -= 1)
      if (index % every !== 0) total += this.exact(index);
    return total <= limit;
  }

  /**
   * The sizes for the report. In a long history the messages which nothing had to be decided about are not counted: what is guessed of them
   * is corrected by an even sample of all, which is counted.
   *
   * @param abouts - about how many tokens the text of each message has, by its place; below 0 where the message has to be counted
   */
  account(abouts: ArrayLike<number>): Account {
    const { length } = this.messages;
    let all = 0;
    for (let index = 0; index < length; index += 1) all += AROUND + (abouts[index] ?? 0);
    const every = all <= SMALL_TOKENS ? 1 : Math.ceil(length / ACCOUNT_SAMPLES);
    let [sampled, guessed] = [0, 0];
    for (let index = 0; index < length; index += 1) {
      const about = abouts[index] ?? -1;
      const exact = about < 0 || index % every === 0 ? this.exact(index) : 0;
      if (about >= 0 && index % every === 0) {
        sampled += exact;
        guessed += AROUND + about;
      }
    }
    const factor = guessed === 0 ? 1 : sampled / guessed;
    const sizes = this.#exact.slice();
    let [counted, open] = [this.base, 0];
    for (let index = 0; index < length; index += 1) {
      const exact = sizes[index] ?? 0;
      if (exact >= 0) counted += exact;
      else open += sizes[index] = factor * (AROUND + (abouts[index] ?? 0));
    }
    return { sizes, tokens: counted + Math.round(open), estimated: !this.#costs.exact || open > 0 };
  }
}
