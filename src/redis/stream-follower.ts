import type { Clock } from '../clock.ts';
import { openConnection, type OwnConnection, type RedisClient, type SendCommand } from './redis-client.ts';

/** How long one XREAD blocks, in milliseconds: a connection that died unseen is found out by then. */
const BLOCK_MS = 5000;

/** Wait after a failure, in milliseconds. */
const PAUSE_MS = 500;

interface Followed {
  /** Id of the newest entry that is known. */
  position: string;
  readonly callbacks: Set<() => void>;
}

/**
 * Tells when streams grow: one XREAD over all of them, which blocks on a connection of its own, so that the caller's never waits. The
 * connection lives while something is followed.
 */
export class StreamFollower {
  readonly #client: RedisClient;
  /** The caller's connection, to wake our own when there is more to follow. */
  readonly #send: SendCommand;
  readonly #clock: Clock;
  readonly #streams = new Map<string, Followed>();
  #connection: OwnConnection | undefined;
  /** Redis' number of our connection, while a read on it blocks. */
  #blocked: string | undefined;
  /** Whether streams have come since the read under way began. */
  #isStale = false;
  #isRunning = false;
  /** Whether we ended the connection that the read under way is on. */
  #hasDisconnected = false;

  constructor(client: RedisClient, send: SendCommand, clock: Clock) {
    this.#client = client;
    this.#send = send;
    this.#clock = clock;
  }

  /**
   * Calls back whenever the stream `key` has grown beyond the entry `id`, and after a failure, when it may have. Growth before the call may
   * be told late or not at all: look once after it.
   *
   * @returns what ends the following
   */
  follow(key: string, id: string, callback: () => void): () => void {
    const followed = this.#streams.get(key) ?? { position: id, callbacks: new Set() };
    followed.callbacks.add(callback);
    if (!this.#streams.has(key)) {
      this.#streams.set(key, followed);
      this.#wake();
    }
    return () => {
      followed.callbacks.delete(callback);
      if (followed.callbacks.size > 0 || this.#streams.get(key) !== followed) return;
      this.#streams.delete(key);
      if (this.#streams.size === 0) this.#disconnect();
    };
  }

  /** Follows nothing any more, and lets go of the connection. */
  close(): void {
    this.#streams.clear();
    this.#disconnect();
  }

  #wake(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#run();
    } else {
      this.#isStale = true;
      void this.#unblock();
    }
  }

  /** Ends the read that blocks without the newest streams. Our word may overtake the read itself: then it is said again. */
  async #unblock(): Promise<void> {
    while (this.#isStale) {
      const number = this.#blocked;
      if (number === undefined) return;
      const reply = await this.#send(['CLIENT', 'UNBLOCK', number]).catch(() => 1);
      if (Number(reply) > 0) return;
      await this.#pause(10);
    }
  }

  async #run(): Promise<void> {
    while (this.#streams.size > 0) {
      try {
        await this.#readOnce();
      } catch {
        // Closed by ourselves: where something is followed again, a new connection is at hand.
        if (this.#connection === undefined && this.#hasDisconnected) continue;
        this.#disconnect();
        for (const { callbacks } of this.#streams.values()) notify(callbacks);
        await this.#pause(PAUSE_MS);
      }
    }
    this.#disconnect();
    this.#isRunning = false;
  }

  #disconnect(): void {
    if (this.#connection === undefined) return;
    this.#connection.close();
    this.#connection = undefined;
    this.#hasDisconnected = true;
  }

  async #readOnce(): Promise<void> {
    const connection = (this.#connection ??= await openConnection(this.#client));
    this.#hasDisconnected = false;
    const streams = [...this.#streams];
    if (streams.length === 0) return;
    this.#isStale = false;
    const keys = streams.map(([key]) => key);
    const ids = streams.map(([, { position }]) => position);
    let isOver = false;
    const numbered = connection.send(['CLIENT', 'ID']).then((number) => {
      if (isOver) return;
      this.#blocked = String(number);
      void this.#unblock();
    });
    const command = ['XREAD', 'COUNT', '1', 'BLOCK', String(BLOCK_MS), 'STREAMS', ...keys, ...ids];
    const [reply] = await Promise.all([connection.send(command), numbered]).finally(() => {
      isOver = true;
      this.#blocked = undefined;
    });
    for (const [key, id] of newest(reply)) {
      const followed = this.#streams.get(key);
      if (followed === undefined) continue;
      followed.position = id;
      notify(followed.callbacks);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}

function notify(callbacks: ReadonlySet<() => void>): void {
  for (const callback of callbacks) callback();
}

/** Of each stream that has grown the id of its last entry in the reply, which is `[[key, entries], …]`, or a map as RESP3 has it. */
function newest(reply: unknown): (readonly [key: string, id: string])[] {
  if (typeof reply !== 'object' || reply === null) return [];
  return pairsOf(reply).flatMap(([key, entries]) => {
    const last: unknown = Array.isArray(entries) ? entries.at(-1) : undefined;
    const id: unknown = Array.isArray(last) ? last[0] : undefined;
    return typeof id === 'string' ? [[String(key), id] as const] : [];
  });
}

function pairsOf(reply: object): (readonly unknown[])[] {
  if (reply instanceof Map) return [...(reply as Map<unknown, unknown>)];
  if (!Array.isArray(reply)) return Object.entries(reply);
  const items = reply as readonly unknown[];
  if (items.every((item) => Array.isArray(item))) return [...(items as readonly (readonly unknown[])[])];
  // A map as a flat list.
  return items.flatMap((key, index) => (index % 2 === 0 ? [[key, items[index + 1]]] : []));
}
