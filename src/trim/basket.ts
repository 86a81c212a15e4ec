import type { CostLedger } from './cost-ledger.ts';
import type { KeptWhy } from './protect.ts';

/** What has been chosen to stay, and what it costs. Nothing that was put in is ever taken out. */
export class Basket {
  /** Why each message is kept, by its place; `undefined` where it is not. */
  readonly why: KeptWhy;
  readonly #ledger: CostLedger;
  readonly #limit: number;
  #tokens: number;

  /** @param protectedWhy - what stays whatever it costs */
  constructor(ledger: CostLedger, limit: number, protectedWhy: KeptWhy) {
    this.#ledger = ledger;
    this.#limit = limit;
    this.why = [...protectedWhy];
    this.#tokens = ledger.base;
    for (let index = 0; index < this.why.length; index += 1) {
      if (this.why[index] !== undefined) this.#tokens += ledger.exact(index);
    }
  }

  /** The size of a request with all that is in the basket, in tokens. */
  get tokens(): number {
    return this.#tokens;
  }

  /** What is left of the budget, in tokens; below zero where the protected part alone is over it. */
  get room(): number {
    return this.#limit - this.#tokens;
  }

  has(index: number): boolean {
    return this.why[index] !== undefined;
  }

  /**
   * Puts messages in when they fit together, else none of them; those that are in it already cost nothing.
   *
   * @param indices - places in the history, each once
   */
  add(indices: readonly number[], reason: string): boolean {
    let tokens = this.#tokens;
    for (const index of indices) {
      if (this.why[index] !== undefined) continue;
      tokens += this.#ledger.exact(index);
      if (tokens > this.#limit) return false;
    }
    for (const index of indices) this.why[index] ??= reason;
    this.#tokens = tokens;
    return tokens <= this.#limit;
  }
}
