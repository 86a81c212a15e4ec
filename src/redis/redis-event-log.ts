import { systemClock, type Clock } from '../clock.ts';
import { isKatamariError, KatamariError } from '../errors.ts';
import type { EventBatch, EventLog, EventLogWriter, ReadOptions } from '../sse/event-log.ts';
import { checkAfter, idTaken } from '../sse/log-errors.ts';
import { memoryEventLog, type MemoryEventLogOptions } from '../sse/memory-event-log.ts';
import { senderOf, type RedisClient, type SendCommand } from './redis-client.ts';
import { limitsOf, type RedisLimits } from './redis-limits.ts';
import { RedisReader } from './redis-reader.ts';
import { RedisWriter } from './redis-writer.ts';
import { keysOf, stopKey } from './run-keys.ts';
import { StopListener } from './stop-listener.ts';
import { StreamFollower } from './stream-follower.ts';
import { timedSender } from './timed-sender.ts';

/** How a log in Redis works. */
export interface RedisEventLogOptions extends Partial<RedisLimits> {
  /** A client of node-redis 5 or 6, or of ioredis, that is connected; it stays the caller's. One more connection is opened beside it, for commands that block. */
  readonly client: RedisClient;
  /** What this process keeps of its own runs, so that readers on the same host do not ask Redis. @defaultValue as `memoryEventLog` has it */
  readonly memory?: Omit<MemoryEventLogOptions, 'clock'>;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/** An event log that several hosts share. */
export interface RedisEventLog extends EventLog {
  /** Lets go of the second connection and of all timers. The client stays open. Runs must have ended: `await host.drain(ms)` first. */
  close(): void;
}

/**
 * Keeps the events of runs in Redis Streams, an entry a batch, so that a reader whose host is gone goes on at another one. A reader sees no
 * event before it is stored. When a host dies, the readers of its runs get all that is stored and then an error with code `truncated`,
 * retryable; `stop` reaches a run on whatever host.
 *
 * Needs Redis 5 or newer, one server (no cluster client). Where Redis fails, runs fail with `connection`: events that can't be stored are not shown.
 *
 * @throws KatamariError `invalid-input` for options that can't be used
 */
export function redisEventLog(options: RedisEventLogOptions): RedisEventLog {
  return new SharedLog(options);
}

class SharedLog implements RedisEventLog {
  readonly #limits: RedisLimits;
  readonly #send: SendCommand;
  readonly #clock: Clock;
  readonly #memory: EventLog;
  readonly #follower: StreamFollower;
  readonly #stops: StopListener;
  /** The runs that are executed here. */
  readonly #writers = new Map<string, RedisWriter>();
  /** Runs that are being executed here, or are about to be. */
  #executing = 0;
  #cancelBeat: (() => void) | undefined;

  constructor({ client, memory, clock = systemClock, ...limits }: RedisEventLogOptions) {
    if (!isClient(client)) {
      throw new KatamariError(
        'invalid-input',
        'redisEventLog takes a connected client of node-redis or ioredis: redisEventLog({ client }).',
      );
    }
    this.#limits = limitsOf(limits);
    this.#clock = clock;
    this.#memory = memoryEventLog({ ...memory, clock });
    this.#send = timedSender(senderOf(client), clock, this.#limits.timeoutMs);
    this.#follower = new StreamFollower(client, this.#send, clock);
    this.#stops = new StopListener({
      key: stopKey(this.#limits.prefix),
      send: this.#send,
      follower: this.#follower,
      stop: (req_id) => this.#writers.get(req_id)?.requestStop(),
    });
  }

  async open(req_id: string): Promise<EventLogWriter> {
    this.#executing++;
    try {
      await this.#stops.open();
      await this.#own(req_id);
      return await this.#openOwned(req_id);
    } catch (error) {
      this.#endOne();
      throw error;
    }
  }

  async read(req_id: string, options: ReadOptions = {}): Promise<AsyncIterableIterator<EventBatch>> {
    checkAfter(options.after ?? 0);
    try {
      return await this.#memory.read(req_id, options);
    } catch (error) {
      // Not executed here, or no longer in memory: Redis may know more.
      if (!isKatamariError(error) || (error.code !== 'not-found' && error.code !== 'gone')) throw error;
    }
    const reader = new RedisReader(
      {
        keys: keysOf(this.#limits.prefix, req_id),
        send: this.#send,
        limits: this.#limits,
        follower: this.#follower,
        clock: this.#clock,
      },
      options,
    );
    return reader.open();
  }

  async requestStop(req_id: string): Promise<boolean> {
    if (await this.#memory.requestStop(req_id)) return true;
    const { owner } = keysOf(this.#limits.prefix, req_id);
    if (Number(await this.#send(['EXISTS', owner])) === 0) return false;
    await this.#stops.request(req_id);
    return true;
  }

  close(): void {
    this.#rest();
    this.#follower.close();
  }

  /** Makes the run this host's. @throws KatamariError `invalid-input` where it is another's, or was */
  async #own(req_id: string): Promise<void> {
    const { owner, events } = keysOf(this.#limits.prefix, req_id);
    const reply = await this.#send(['SET', owner, '1', 'NX', 'PX', String(this.#limits.deadMs)]);
    if (reply === null) throw idTaken();
    if (Number(await this.#send(['EXISTS', events])) === 0) return;
    await this.#send(['DEL', owner]);
    throw idTaken();
  }

  async #openOwned(req_id: string): Promise<EventLogWriter> {
    const keys = keysOf(this.#limits.prefix, req_id);
    let memory: EventLogWriter;
    try {
      memory = await this.#memory.open(req_id);
    } catch (error) {
      await this.#send(['DEL', keys.owner]);
      throw error;
    }
    const onEnd = (): void => {
      this.#writers.delete(req_id);
      this.#endOne();
    };
    const writer = new RedisWriter({ keys, send: this.#send, limits: this.#limits, memory, onEnd });
    this.#writers.set(req_id, writer);
    if (this.#cancelBeat === undefined) this.#beat();
    return writer;
  }

  #endOne(): void {
    this.#executing--;
    if (this.#executing === 0) this.#rest();
  }

  /** One timer for all runs of this host. */
  #beat(): void {
    this.#cancelBeat = this.#clock.after(this.#limits.heartbeatMs, () => {
      // A beat that fails is made good by the next; if none comes through, the run fails by its next event.
      for (const writer of this.#writers.values()) writer.beat().catch(() => undefined);
      this.#beat();
    });
  }

  #rest(): void {
    this.#cancelBeat?.();
    this.#cancelBeat = undefined;
    this.#stops.close();
  }
}

function isClient(client: unknown): boolean {
  const { sendCommand, call, duplicate } = (client ?? {}) as Partial<Record<string, unknown>>;
  return typeof duplicate === 'function' && (typeof sendCommand === 'function' || typeof call === 'function');
}
