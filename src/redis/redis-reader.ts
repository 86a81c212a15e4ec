import type { Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import type { EventBatch, ReadOptions } from '../sse/event-log.ts';
import { aheadOfRun, eventsGone, unknownRun } from '../sse/log-errors.ts';
import { toRunError } from '../sse/run-failure.ts';
import type { SendCommand } from './redis-client.ts';
import type { RedisLimits } from './redis-limits.ts';
import type { RunKeys } from './run-keys.ts';
import { lastSeqOf, readEntries, type StoredEntry } from './stored-entries.ts';
import type { StreamFollower } from './stream-follower.ts';

/** Batches taken with one command. */
const PAGE = 64;

const DONE = { value: undefined, done: true } as const;

/** What a reader works with. */
export interface RedisReaderOptions {
  readonly keys: RunKeys;
  readonly send: SendCommand;
  readonly limits: RedisLimits;
  readonly follower: StreamFollower;
  readonly clock: Clock;
}

/**
 * Reads a run that another host executes, or has executed. Notices within `deadMs` when that host has died: then all that is stored has been
 * handed out, and the reader is told that there is no more.
 */
export class RedisReader implements AsyncIterableIterator<EventBatch> {
  readonly #options: RedisReaderOptions;
  readonly #read: ReadOptions;
  /** Number of the last event that was handed out. */
  #after: number;
  #entries: StoredEntry[] = [];
  #unfollow: (() => void) | undefined;
  /** Whether there may be entries that were not looked at. */
  #mayHaveMore = true;
  #wake: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  /** Must be opened before it is read. */
  constructor(options: RedisReaderOptions, read: ReadOptions) {
    this.#options = options;
    this.#read = read;
    this.#after = read.after ?? 0;
  }

  /** @throws KatamariError `not-found`, `gone`, `invalid-input` */
  async open(): Promise<this> {
    const { keys, send } = this.#options;
    const [covering, newest, owner] = await Promise.all([
      send(['XREVRANGE', keys.events, `${this.#after + 1}-0`, '-', 'COUNT', '1']),
      send(['XREVRANGE', keys.events, '+', '-', 'COUNT', '1']),
      send(['EXISTS', keys.owner]),
      this.#attend(),
    ]);
    const [entry] = readEntries(covering);
    const [last] = readEntries(newest);
    if (last === undefined && Number(owner) === 0) throw unknownRun();
    const lastSeq = last === undefined ? 0 : lastSeqOf(last);
    if (this.#after > lastSeq) throw aheadOfRun(this.#after, lastSeq);
    if (entry === undefined && last !== undefined) throw await this.#gone();
    if (entry?.kind === 'events') this.#entries.push(entry);
    const { signal } = this.#read;
    if (signal?.aborted === true) this.#close();
    else signal?.addEventListener('abort', this.#close, { once: true });
    this.#beat();
    return this;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<EventBatch>> {
    try {
      while (!this.#isClosed) {
        const entry = this.#entries.shift();
        if (entry === undefined) await this.#load();
        else if (entry.kind === 'end') {
          if (entry.failure !== null) throw toRunError(entry.failure);
          break;
        } else {
          const batch = this.#take(entry.batch);
          if (batch !== undefined) return { value: batch, done: false };
        }
      }
    } catch (error) {
      if (this.#isClosed) return DONE;
      this.#close();
      throw error;
    }
    this.#close();
    return DONE;
  }

  return(): Promise<IteratorResult<EventBatch>> {
    this.#close();
    return Promise.resolve(DONE);
  }

  #take(batch: EventBatch): EventBatch | undefined {
    const seen = this.#after + 1 - batch.seq;
    if (seen >= batch.events.length) return undefined;
    if (seen < 0) throw eventsGone(this.#after, batch.seq);
    this.#after = batch.seq + batch.events.length - 1;
    return seen === 0 ? batch : { seq: batch.seq + seen, events: batch.events.slice(seen) };
  }

  /** More entries, or the news that there are none. Each is stored at the number behind the one before. */
  async #load(): Promise<void> {
    const { keys, send } = this.#options;
    if (!this.#mayHaveMore) await this.#arrival();
    if (this.#isClosed) return;
    this.#mayHaveMore = false;
    // Asked before the entries are: an owner that ended the run in between has left its end there.
    const [isOwned, reply] = await Promise.all([
      send(['EXISTS', keys.owner]),
      send(['XRANGE', keys.events, `${this.#after + 1}-0`, '+', 'COUNT', String(PAGE)]),
    ]);
    const entries = readEntries(reply);
    this.#entries.push(...entries);
    if (entries.length === PAGE) this.#mayHaveMore = true;
    if (entries.length === 0 && Number(isOwned) === 0) throw hostGone(this.#after);
  }

  /** Waits until the stream grows, or it is time to see whether its host lives. */
  #arrival(): Promise<void> {
    const { follower, keys } = this.#options;
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#unfollow === undefined) {
        this.#unfollow = follower.follow(keys.events, `${this.#after}-0`, this.#onGrowth);
        this.#onGrowth();
      }
    });
  }

  readonly #onGrowth = (): void => {
    this.#mayHaveMore = true;
    this.#wake?.();
  };

  /** Says now and then that somebody reads, and looks whether the host lives. */
  #beat(): void {
    if (this.#isClosed) return;
    this.#cancelTimer = this.#options.clock.after(this.#options.limits.heartbeatMs, () => {
      this.#attend().catch(() => undefined);
      this.#onGrowth();
      this.#beat();
    });
  }

  #attend(): Promise<unknown> {
    const { keys, send, limits } = this.#options;
    return send(['SET', keys.readers, '1', 'PX', String(limits.deadMs)]);
  }

  async #gone(): Promise<KatamariError> {
    const { keys, send } = this.#options;
    const [first] = readEntries(await send(['XRANGE', keys.events, '-', '+', 'COUNT', '1']));
    return eventsGone(this.#after, first?.kind === 'events' ? first.batch.seq : this.#after + 1);
  }

  readonly #close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unfollow?.();
    this.#cancelTimer?.();
    this.#read.signal?.removeEventListener('abort', this.#close);
    this.#wake?.();
    this.#read.onClose?.();
  };
}

function hostGone(after: number): KatamariError {
  return new KatamariError(
    'truncated',
    `The host that executed the run is gone; event ${after} is the last that was stored. Start the run again.`,
    { retryable: true },
  );
}
