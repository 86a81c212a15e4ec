/** Where a {@link OneByOne} gets its items. */
export interface BatchSource<T> {
  /** The next items, perhaps none; `null` at the end. Called again only once it has settled. */
  next(): Promise<readonly T[] | null>;
  /** The consumer has left: a `next` under way is to settle. */
  leave(): Promise<void> | void;
}

/** Hands out one by one what comes in batches. Written by hand: an async generator costs several times as much per item. */
export class OneByOne<T> implements AsyncIterableIterator<T> {
  readonly #source: BatchSource<T>;
  #items: readonly T[] = [];
  #index = 0;
  #pulling: Promise<IteratorResult<T>> | undefined;
  #closed = false;

  constructor(source: BatchSource<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    if (this.#pulling !== undefined) {
      const again = (): Promise<IteratorResult<T>> => this.next();
      return this.#pulling.then(again, again);
    }
    const value = this.#items[this.#index];
    if (value === undefined) return (this.#pulling = this.#pull());
    this.#index++;
    return Promise.resolve({ value, done: false });
  }

  async return(): Promise<IteratorResult<T>> {
    this.#closed = true;
    this.#items = [];
    await this.#source.leave();
    return { value: undefined, done: true };
  }

  /** The next item of the source. Whoever waits for it finds that no pull is under way any more. */
  async #pull(): Promise<IteratorResult<T>> {
    try {
      for (;;) {
        const items = await this.#source.next();
        if (items === null || this.#closed) break;
        this.#items = items;
        this.#index = 1;
        const value = items[0];
        if (value !== undefined) return { value, done: false };
      }
      this.#closed = true;
      return { value: undefined, done: true };
    } catch (error) {
      this.#closed = true;
      throw error;
    } finally {
      this.#pulling = undefined;
    }
  }
}
