import type { ChainEvent } from '../event.ts';
import type { BodyTail } from './release-body.ts';

/** One request and its answer, as far as ending it goes. */
export interface Exchange {
  /** Ends the request and its body. */
  readonly cancel: AbortController;
  /** Set once the answer is complete. */
  tail?: BodyTail;
  /** Whether the consumer has left the iterator. */
  hasLeft: boolean;
}

type Batches = AsyncGenerator<readonly ChainEvent[], undefined>;

/** An exchange as an iterable, started anew by each iteration. Leaving it, also while a read is under way, ends the request at once. */
export function iterateExchange(pump: (exchange: Exchange) => Batches): AsyncIterable<readonly ChainEvent[]> {
  return {
    [Symbol.asyncIterator]() {
      const exchange: Exchange = { cancel: new AbortController(), hasLeft: false };
      const batches = pump(exchange);
      return {
        next: () => batches.next(),
        // A generator takes notice only after its pending read: so the read is ended first.
        return() {
          exchange.hasLeft = true;
          if (exchange.tail === undefined) exchange.cancel.abort();
          return batches.return(undefined);
        },
      };
    },
  };
}

/**
 * Ends the exchange when the signal is aborted. A complete answer has nothing left to abort; its connection is about to be free again.
 *
 * @returns what takes the listener away
 */
export function endOnAbort(exchange: Exchange, signal: AbortSignal): () => void {
  signal.throwIfAborted();
  const onAbort = (): void => {
    if (exchange.tail === undefined) exchange.cancel.abort(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    signal.removeEventListener('abort', onAbort);
  };
}
