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

/** A history of so many characters is looked at as a whole: counting as much takes about 20 ms the first time. */
const SMALL_LENGTH = 400_000;
/** In a larger one about so many messages are counted for the account, evenly spread. */
const ACCOUNT_SAMPLES = 256;

/**
 * The sizes of a request's parts, each looked up at most once: exact counts where something is decided by them, upper bounds elsewhere.
 */
export class CostLedger {
  readonly messages: readonly Message[];
  /** The size of the request without its messages. */
  readonly base: number;
  readonly #costs: Costs;
  readonly #exact: Float64Array;
  readonly #upper: Float64Array;
  #length: number | undefined;

  constructor(request: ChatRequest, costs: Costs) {
    this.messages = request.messages;
    this.base = costs.request({ ...request, messages: [] });
    this.#costs = costs;
    this.#exact = new Float64Array(request.messages.length).fill(-1);
    this.#upper = new Float64Array(request.messages.length).fill(-1);
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

  /** Its size where that was counted already, else the upper bound. */
  bound(index: number): number {
    const exact = this.#exact[index] ?? 0;
    if (exact >= 0) return exact;
    const upper = this.#upper[index] ?? 0;
    const message = this.messages[index];
    if (upper >= 0 || message === undefined) return upper;
    return (this.#upper[index] = this.#costs.messageUpperBound(message));
  }

  /** Whether the history is small enough to be looked at as a whole, message by message. */
  get isSmall(): boolean {
    this.#length ??= this.messages.reduce((sum, message) => sum + lengthOf(message), 0);
    return this.#length <= SMALL_LENGTH;
  }

  /** Whether the whole request is within a limit. Counts from the newest message back, no further than it must. */
  fits(limit: number): boolean {
    let upper = this.base;
    for (let index = 0; index < this.messages.length && upper <= limit; index += 1)
      upper += this.bound(index);
    if (upper <= limit) return true;
    let total = this.base;
    for (let index = this.messages.length - 1; index >= 0 && total <= limit; index -= 1)
      total += this.exact(index);
    return total <= limit;
  }

  /**
   * The size of the whole request for the report. In a very long history the messages which nothing had to be decided about are not
   * counted; they are taken to have as many tokens per character as an even sample of all.
   */
  total(): { readonly tokens: number; readonly estimated: boolean } {
    const every = this.isSmall ? 1 : Math.ceil(this.messages.length / ACCOUNT_SAMPLES);
    let [sampled, sampledLength, counted, openLength] = [0, 0, 0, 0];
    for (let index = 0; index < this.messages.length; index += 1) {
      const message = this.messages[index];
      if (message === undefined) continue;
      if (index % every === 0) {
        sampled += this.exact(index);
        sampledLength += lengthOf(message);
      }
      const exact = this.#exact[index] ?? 0;
      if (exact >= 0) counted += exact;
      else openLength += lengthOf(message);
    }
    const estimate = sampledLength === 0 ? 0 : Math.round((openLength * sampled) / sampledLength);
    return { tokens: this.base + counted + estimate, estimated: !this.#costs.exact || openLength > 0 };
  }
}

/** The length of a message in UTF-16 units, with an allowance for what surrounds a text. */
function lengthOf({ content }: Message): number {
  if (typeof content === 'string') return content.length + 16;
  return content.reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 16);
}
