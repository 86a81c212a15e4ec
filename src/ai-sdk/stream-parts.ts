import type { ChainEvent } from '../event.ts';
import { endOnAbort, iterateExchange, type Exchange } from '../http/exchange.ts';
import { startTail } from '../http/release-body.ts';
import type { PartReader } from './part-reader.ts';
import { toModelError } from './to-model-error.ts';

/** A model call that is ready to be made. */
export interface ModelCall {
  /** Asks the model. */
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<unknown>>;
  /** Reads that one answer. */
  readonly reader: PartReader;
}

/**
 * A model call as batches of events, one per part: the stream hands out one at a time and does not say whether more are there; to read ahead
 * and see would cost a race per part.
 *
 * Inert until the first pull. Leaving the iterator, also while a read is under way, and the signal cancel the call at once, also where the
 * model listens to neither.
 */
export function streamParts(
  prepare: () => ModelCall,
  signal: AbortSignal,
): AsyncIterable<readonly ChainEvent[]> {
  return iterateExchange((exchange) => pump(prepare, signal, exchange));
}

type Source = ReadableStreamDefaultReader<unknown>;

async function* pump(
  prepare: () => ModelCall,
  signal: AbortSignal,
  exchange: Exchange,
): AsyncGenerator<readonly ChainEvent[], undefined> {
  const stopListening = endOnAbort(exchange, signal);
  try {
    const call = prepare();
    const source = await openSource(call, exchange);
    while (exchange.tail === undefined) {
      const { done, value } = await readPart(source, call);
      exchange.cancel.signal.throwIfAborted();
      if (done) throw call.reader.end();
      const batch: ChainEvent[] = [];
      // The tail is read only to see whether it ends: what stands in it does not matter.
      if (call.reader.read(value, batch))
        exchange.tail = startTail(source as ReadableStreamDefaultReader<never>);
      yield batch;
    }
  } catch (error) {
    if (exchange.hasLeft) return undefined;
    throw signal.aborted ? signal.reason : error;
  } finally {
    stopListening();
    if ((await exchange.tail?.release()) !== true) exchange.cancel.abort();
  }
  return undefined;
}

async function readPart(source: Source, { reader }: ModelCall): Promise<ReadableStreamReadResult<unknown>> {
  try {
    return await source.read();
  } catch (error) {
    throw toModelError(error, reader);
  }
}

/** Settles at once when the call is cancelled; a stream that comes later is dropped. */
async function openSource({ open, reader }: ModelCall, exchange: Exchange): Promise<Source> {
  const { signal } = exchange.cancel;
  let onAbort = ignore;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(signal.reason as Error);
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  const opening = open(signal);
  try {
    const source = (await Promise.race([opening, aborted])).getReader();
    const cancel = (): void => {
      source.cancel(signal.reason).catch(ignore);
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    return source;
  } catch (error) {
    if (!signal.aborted) throw toModelError(error, reader);
    void opening.then((late) => late.cancel(signal.reason)).catch(ignore);
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function ignore(): void {
  // The answer is not wanted any more; how its stream ends does not matter.
}
