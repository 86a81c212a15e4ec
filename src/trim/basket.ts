import type { Message } from '../message.ts';
import type { CostLedger } from './cost-ledger.ts';
import { PlaceSet } from './place-set.ts';
import type { KeptWhy } from './protect.ts';
import type { Sides } from './sides.ts';

/** What a basket is for. */
export interface BasketOptions {
  readonly ledger: CostLedger;
  readonly sides: Sides;
  /** Why messages stay whatever it costs. */
  readonly protectedWhy: KeptWhy;
  /** The budget of the whole request, in tokens. */
  readonly limit: number;
}

/**
 * What has been chosen to stay, and what it costs, the stubs that keep the sides alternating included. Nothing that was put in is ever
 * taken out.
 */
export class Basket {
  /** Why each message is kept, by its place; `undefined` where it is not. */
  readonly why: KeptWhy;
  readonly #options: BasketOptions;
  /** All that has something in the result, system messages left out. */
  readonly #places: PlaceSet;
  readonly #stubCosts = new Map<Message, number>();
  #tokens: number;

  constructor(options: BasketOptions) {
    const { ledger, protectedWhy, sides } = options;
    this.#options = options;
    this.why = [...protectedWhy];
    this.#places = new PlaceSet(this.why.length);
    this.#tokens = ledger.base;
    let last = -1;
    for (let index = 0; index < this.why.length; index += 1) {
      if (this.why[index] === undefined) continue;
      this.#tokens += ledger.exact(index);
      if (sides.isNobody(index)) continue;
      this.#tokens += this.#seam(last, index);
      this.#places.add(index);
      last = index;
    }
  }

  /** The size of a request with all that is in the basket, in tokens. */
  get tokens(): number {
    return this.#tokens;
  }

  /** What is left of the budget, in tokens; below zero where the protected part alone is over it. */
  get room(): number {
    return this.#options.limit - this.#tokens;
  }

  has(index: number): boolean {
    return this.why[index] !== undefined;
  }

  /** A basket with what is in this one, and another limit. */
  withLimit(limit: number): Basket {
    return new Basket({ ...this.#options, protectedWhy: this.why, limit });
  }

  /**
   * Puts messages in when they fit together, else none of them; those that are in it already cost nothing.
   *
   * @param indices - places in the history, each once
   */
  add(indices: readonly number[], reason: string): boolean {
    const { ledger, sides } = this.#options;
    const added: number[] = [];
    let tokens = this.#tokens;
    for (const index of indices) {
      if (this.why[index] !== undefined) continue;
      tokens += ledger.exact(index);
      if (!sides.isNobody(index)) tokens += this.#put(index);
      added.push(index);
    }
    if (tokens > this.#options.limit) {
      for (const index of added) this.#places.delete(index);
      return false;
    }
    for (const index of added) this.why[index] = reason;
    this.#tokens = tokens;
    return true;
  }

  /**
   * Puts a part of a message in when it fits.
   *
   * @param tokens - its size
   * @param before - the size of the part of it that is in already
   */
  addPart(index: number, tokens: number, before: number | undefined): boolean {
    const isNew = before === undefined;
    const after = this.#tokens + tokens - (before ?? 0) + (isNew ? this.#put(index) : 0);
    if (after > this.#options.limit) {
      if (isNew) this.#places.delete(index);
      return false;
    }
    this.#tokens = after;
    return true;
  }

  /** The stubs that keep the sides alternating, by the places of the messages they stand for. */
  stubs(): Map<number, Message> {
    const { sides } = this.#options;
    const stubs = new Map<number, Message>();
    let last = -1;
    for (let place = this.#places.first(); place < this.why.length; place = this.#places.after(place)) {
      const stub = sides.stub(last, place);
      if (stub !== undefined) stubs.set(sides.placeOfStub(last, place), stub);
      last = place;
    }
    return stubs;
  }

  /** Takes a place, and gives what that changes in the cost of stubs. */
  #put(index: number): number {
    const before = this.#places.before(index);
    const after = this.#places.after(index);
    this.#places.add(index);
    return this.#seam(before, index) + this.#seam(index, after) - this.#seam(before, after);
  }

  /** What a stub between two neighbours costs; nothing where none is needed. */
  #seam(before: number, after: number): number {
    const stub = this.#options.sides.stub(before, after);
    if (stub === undefined) return 0;
    let cost = this.#stubCosts.get(stub);
    if (cost === undefined) {
      cost = this.#options.ledger.costOf(stub);
      this.#stubCosts.set(stub, cost);
    }
    return cost;
  }
}
