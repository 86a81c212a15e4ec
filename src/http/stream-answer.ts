import { ProviderError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import { truncated } from '../wire/parse-data.ts';
import { SseFeed } from '../wire/sse-feed.ts';
import type { StreamReader } from '../wire/stream-reader.ts';
import { toConnectionError } from './connection-error.ts';
import { endOnAbort, iterateExchange, type Exchange } from './exchange.ts';
import { startTail } from './release-body.ts';

/** A model call that is ready to be made. */
export interface AnswerCall {
  /** The provider's name, for messages. */
  readonly provider: string;
  /** Makes the request and gives back the body of its answer. Obeys the signal. */
  open(signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** Reads that one answer. */
  readonly reader: StreamReader;
}

/**
 * A model call as batches of events, one per read of the socket. Inert until the first pull: `prepare` is called then, once per iteration.
 * Leaving the iterator, also while a read is under way, cancels the request at once; so does the signal, whose reason is then thrown.
 */
export function streamAnswer(
  prepare: () => AnswerCall,
  signal: AbortSignal,
): AsyncIterable<readonly ChainEvent[]> {
  return iterateExchange((exchange) => pump(prepare, signal, exchange));
}

type Source = ReadableStreamDefaultReader<Uint8Array>;

/** One request and its answer. */
interface SocketExchange extends Exchange {
  source?: Source;
}

async function* pump(
  prepare: () => AnswerCall,
  signal: AbortSignal,
  exchange: SocketExchange,
): AsyncGenerator<readonly ChainEvent[], undefined> {
  const stopListening = endOnAbort(exchange, signal);
  try {
    const call = prepare();
    const source = await openSource(call, exchange);
    const feed = new SseFeed(call.reader, call.provider);
    let failure: Error | undefined;
    // One await per read of the socket, and no other layer: this loop is on the path of every token.
    while (exchange.tail === undefined && failure === undefined) {
      const batch: ChainEvent[] = [];
      try {
        const { value } = await (feed.isWhole ? readWithGrace(source) : source.read());
        exchange.cancel.signal.throwIfAborted();
        failure = advance(feed, value, batch, exchange);
      } catch (error) {
        exchange.cancel.signal.throwIfAborted();
        failure = advance(feed, undefined, batch, exchange, error);
      }
      if (failure === undefined || batch.length > 0) yield batch;
    }
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (exchange.hasLeft) return undefined;
    throw signal.aborted ? signal.reason : error;
  } finally {
    stopListening();
    if ((await exchange.tail?.release()) !== true) exchange.cancel.abort();
  }
  return undefined;
}

async function openSource(call: AnswerCall, exchange: SocketExchange): Promise<Source> {
  const { signal } = exchange.cancel;
  const body = await call.open(signal);
  const source = body.getReader();
  // An injected fetch may look at no signal.
  const cancel = (): void => {
    source.cancel(signal.reason).catch(ignore);
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  signal.throwIfAborted();
  exchange.source = source;
  return source;
}

/** How long a whole answer waits for usage and for the end of its body, in milliseconds. Some proxies never end it. */
const GRACE_MS = 1000;

/** The next read, or the end of the body where none comes in time. */
async function readWithGrace(source: Source): Promise<{ readonly value?: Uint8Array | undefined }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const grace = new Promise<{ value?: undefined }>((resolve) => {
    timer = setTimeout(() => {
      resolve({});
    }, GRACE_MS);
  });
  try {
    return await Promise.race([source.read(), grace]);
  } finally {
    clearTimeout(timer);
  }
}

/** Takes what one read brought, `undefined` at the end of the body. Returns what to throw after the events that came before it. */
function advance(
  feed: SseFeed,
  bytes: Uint8Array | undefined,
  batch: ChainEvent[],
  exchange: SocketExchange,
  broken?: unknown,
): Error | undefined {
  try {
    if (bytes === undefined) feed.end(batch);
    else if (!feed.push(bytes, batch)) return undefined;
    if (exchange.source !== undefined) exchange.tail = startTail(exchange.source);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return broken === undefined ? error : whyBroken(error, broken, feed.provider);
  }
}

/** An answer that is whole outlives its connection; of any other the broken connection is the reason. */
function whyBroken(error: Error, broken: unknown, provider: string): Error {
  if (!(error instanceof ProviderError)) return error;
  if (error.code === 'truncated') return truncated(provider, broken);
  return error.code === 'empty-response' ? toConnectionError(broken, provider) : error;
}

function ignore(): void {
  // The body is not wanted any more; how it ends does not matter.
}
