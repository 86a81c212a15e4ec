import { systemClock, type Clock } from '../clock.ts';
import type { ChainEvent } from '../event.ts';
import { OneByOne } from '../one-by-one.ts';
import { eventStream } from './event-stream.ts';
import { newProgress } from './frame-reader.ts';
import { checkAfter } from './log-errors.ts';
import { RemoteEvents, type Connector } from './remote-events.ts';

/** How a response is read. */
export interface ReadSSEOptions {
  /** Number of the last event that was seen before: the stream must go on behind it. @defaultValue it begins where it likes */
  readonly after?: number;
  /** Ends the reading with an error of code `aborted`. @defaultValue only the end of the run does */
  readonly signal?: AbortSignal;
  /** Silence, pings included, after which the connection counts as broken, in milliseconds; `Infinity` waits for ever. @defaultValue 60000 */
  readonly idleMs?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/**
 * The events of a response that {@link toSSE} has made, in order, none lost and none twice. Leaving the loop cancels the body.
 *
 * @throws KatamariError with the code and message of the run's failure, after its last event; `truncated`, `connection` or `timeout` where
 * the connection breaks before the end; `malformed` where the stream is none of a run; the server's own error where the status is not 2xx;
 * `aborted` by the signal
 */
export function readSSE(response: Response, options: ReadSSEOptions = {}): AsyncIterableIterator<ChainEvent> {
  const { after, signal, idleMs = 60_000, clock = systemClock } = options;
  const progress = newProgress(after === undefined ? undefined : checkAfter(after));
  const connector: Connector = {
    open: (_progress, signal) => eventStream(response, { clock, signal, secrets: [] }),
    delayMs: () => null,
  };
  return new OneByOne(new RemoteEvents({ connector, progress, signal, idleMs, clock }));
}
