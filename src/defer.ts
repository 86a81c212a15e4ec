/**
 * An iterable that is opened by a promise, on its first pull. For a step that must wait for something (a tokenizer table, a summary)
 * before it can say `next(request, context)`: once open, pulls go straight to what was opened, so that it costs nothing per batch.
 */
export function defer<T>(open: () => Promise<AsyncIterable<T>>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new DeferredIterator(open) };
}

class DeferredIterator<T> implements AsyncIterator<T> {
  readonly #open: () => Promise<AsyncIterable<T>>;
  #opening: Promise<AsyncIterator<T>> | undefined;
  #inner: AsyncIterator<T> | undefined;
  #closed = false;

  constructor(open: () => Promise<AsyncIterable<T>>) {
    this.#open = open;
  }

  next(): Promise<IteratorResult<T>> {
    return this.#inner === undefined ? this.#first() : this.#inner.next();
  }

  async return(): Promise<IteratorResult<T>> {
    this.#closed = true;
    const inner = this.#inner ?? (await this.#opening?.catch(() => undefined));
    await inner?.return?.();
    return { done: true, value: undefined };
  }

  async #first(): Promise<IteratorResult<T>> {
    if (this.#closed) return { done: true, value: undefined };
    this.#opening ??= this.#open().then((iterable) => (this.#inner = iterable[Symbol.asyncIterator]()));
    return (await this.#opening).next();
  }
}
