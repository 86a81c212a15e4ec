import type { AttemptLabels, ChainEvent } from '../event.ts';

/** Whose answer is read, and for whom. */
export interface ReaderOptions {
  readonly labels: AttemptLabels;
  /** The provider's name, for messages. */
  readonly provider: string;
  /** What must not appear in an error. */
  readonly secrets?: readonly string[];
}

/**
 * What a protocol makes of a stream: a synchronous state machine of one response, fed by whoever holds the bytes. Synchronous, because a
 * layer of async iteration per event costs more than all that is done here.
 *
 * Each method appends to `batch` and may throw a {@link ProviderError}; events that stand in `batch` by then are still delivered.
 */
export interface StreamReader {
  /** True once the answer is known to be whole, although more about it may follow: usage, or a terminal event. @defaultValue false */
  readonly isWhole?: boolean;
  /** Takes the data of one server-sent event, never empty. Returns true at the terminal event: nothing after it is read. */
  read(data: string, batch: ChainEvent[]): boolean;
  /**
   * Takes a JSON document that stands in the body without `data:`: an error, or the whole answer of a host that does not stream.
   * The answer is complete with it.
   */
  readWhole(json: unknown, batch: ChainEvent[]): void;
  /** The bytes have ended without a terminal event: completes the answer where it is known to be whole, else throws `truncated`. */
  end(batch: ChainEvent[]): void;
}
