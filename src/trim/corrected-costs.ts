import type { Message } from '../message.ts';
import type { ChatRequest } from '../request.ts';
import type { Costs } from './cost-ledger.ts';

/**
 * Sizes are given in steps of a sixteenth of a token: whole ones would be off by half a token for each message, which in a chat of short
 * messages is several percent, and sums of other fractions would depend on their order.
 */
const STEPS = 16;

/** An estimate times a factor that stays the same for the whole of one trim. */
export class CorrectedCosts implements Costs {
  readonly exact = false;
  /** Relative error to reckon with. */
  readonly error: number;
  readonly #costs: Costs;
  readonly #factor: number;

  /** @param factor - actual over estimated tokens */
  constructor(costs: Costs, { factor, error }: { readonly factor: number; readonly error: number }) {
    this.#costs = costs;
    this.#factor = factor;
    this.error = error;
  }

  message(message: Message): number {
    return this.#corrected(this.#costs.message(message));
  }

  messageUpperBound(message: Message): number {
    return this.#corrected(this.#costs.messageUpperBound(message));
  }

  request(request: ChatRequest): number {
    let tokens = this.#corrected(this.#costs.request({ ...request, messages: [] }));
    for (const message of request.messages) tokens += this.message(message);
    return tokens;
  }

  #corrected(tokens: number): number {
    return Math.ceil(tokens * this.#factor * STEPS) / STEPS;
  }
}
