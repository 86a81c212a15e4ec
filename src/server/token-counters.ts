import { encodingOf, loadCounter } from '../tokens/load-counter.ts';
import type { TokenCounter } from '../tokens/token-counter.ts';

/** Counters of models, each table loaded once: the models of an encoding share one. */
export class TokenCounters {
  readonly #byEncoding = new Map<string, Promise<TokenCounter>>();

  /** @param model - @defaultValue an estimate that fits no model exactly */
  of(model = ''): Promise<TokenCounter> {
    const encoding = encodingOf(model);
    if (encoding === undefined) return loadCounter(model);
    const counter = this.#byEncoding.get(encoding) ?? loadCounter(model);
    this.#byEncoding.set(encoding, counter);
    return counter;
  }
}
