import { createParser, type EventSourceMessage, type EventSourceParser } from 'eventsource-parser';

import { ProviderError, type ErrorCode, type KatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import { asRecord, asText, type JsonRecord } from '../wire/json-record.ts';
import { Utf8Decoder } from '../wire/utf8-decoder.ts';
import type { RunFailure } from './event-log.ts';
import { toRunError } from './run-failure.ts';

/** Longest frame, in UTF-16 units. */
const MAX_FRAME = 16 * 1024 * 1024;

/** How far a run has been read; outlives the connections over which it is. */
export interface Progress {
  /** Number of the last event; `undefined` where the first that comes is taken as the beginning. */
  last: number | undefined;
  /** Whose events they are, once the first has come. */
  req_id: string | undefined;
  /** What the server asks to wait before coming back, in milliseconds. */
  retryMs: number;
  /** Whether `done` has come. */
  isDone: boolean;
  /** What ends the reading, after the events that came before it. */
  failure: KatamariError | undefined;
}

/** Nothing has been read yet. */
export function newProgress(after?: number): Progress {
  return { last: after, req_id: undefined, retryMs: 0, isDone: false, failure: undefined };
}

/**
 * The bytes of one connection to the events of a run. Synchronous, and exact: an event that has come before is dropped, one that is out of
 * order, missing, another run's or no event at all is a failure.
 */
export class FrameReader {
  readonly #progress: Progress;
  readonly #decoder = new Utf8Decoder();
  readonly #parser: EventSourceParser;
  #events: ChainEvent[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#parser = createParser({
      maxBufferSize: MAX_FRAME,
      onEvent: (message) => {
        this.#take(message);
      },
      onRetry: (retryMs) => {
        progress.retryMs = retryMs;
      },
      // Unknown fields are ignored, as the specification has it; only what makes the parser give up is an error.
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') this.#fail('sent an event that is too large');
      },
    });
  }

  /** The events that the bytes complete. What is incomplete at the end of a connection is not an event. */
  read(bytes: Uint8Array): readonly ChainEvent[] {
    this.#events = [];
    if (!this.isOver) this.#parser.feed(this.#decoder.decode(bytes));
    return this.#events;
  }

  /** Whether nothing more is taken: the run has ended, or failed. */
  get isOver(): boolean {
    return this.#progress.isDone || this.#progress.failure !== undefined;
  }

  #take({ id, data }: EventSourceMessage): void {
    if (this.isOver || data === '') return;
    const event = parse(data);
    const type = asText(event?.['type']);
    if (event === undefined || type === undefined) this.#fail('sent something that is no event of a run');
    else if (type === 'error') this.#progress.failure = toRunError(failureOf(event));
    else this.#accept(event as unknown as ChainEvent, id);
  }

  #accept(event: ChainEvent, id: string | undefined): void {
    const progress = this.#progress;
    if (id === undefined || !/^[1-9]\d{0,15}$/.test(id)) return this.#fail('sent an event without a number');
    const seq = Number(id);
    progress.req_id ??= event.req_id;
    if (event.req_id !== progress.req_id) return this.#fail('sent an event of another run');
    if (progress.last !== undefined && seq <= progress.last) return;
    if (progress.last !== undefined && seq > progress.last + 1)
      return this.#fail(`sent event ${seq} after event ${progress.last}: events are missing`);
    progress.last = seq;
    progress.isDone = event.type === 'done';
    this.#events.push(event);
  }

  #fail(what: string): void {
    this.#progress.failure ??= new ProviderError('malformed', `The event stream ${what}.`);
  }
}

function parse(data: string): JsonRecord | undefined {
  try {
    return asRecord(JSON.parse(data));
  } catch {
    return undefined;
  }
}

/** What a server says of a failure; a newer one may know codes that we don't. */
function failureOf(record: JsonRecord): RunFailure {
  return {
    code: (asText(record['code']) ?? 'unknown') as ErrorCode,
    message: asText(record['message']) ?? 'The run failed.',
    retryable: record['retryable'] === true,
  };
}
