import type { EventBatch, EventLogWriter, RunFailure } from '../sse/event-log.ts';
import { toRunFailure } from '../sse/run-failure.ts';
import type { SendCommand } from './redis-client.ts';
import type { RedisLimits } from './redis-limits.ts';
import type { RunKeys } from './run-keys.ts';
import { endFields, eventFields } from './stored-entries.ts';

/** Batches that may be on their way to Redis; then the run waits. */
const MAX_UNDER_WAY = 32;

/** What a writer works with. */
export interface RedisWriterOptions {
  readonly keys: RunKeys;
  readonly send: SendCommand;
  readonly limits: RedisLimits;
  /** The same run in this process' memory, for the readers on this host. */
  readonly memory: EventLogWriter;
  /** Called when the log is closed. */
  readonly onEnd: () => void;
}

/** Writes one run. What readers on this host see is stored already, so that they can go on elsewhere with the number they have. */
export class RedisWriter implements EventLogWriter {
  readonly #options: RedisWriterOptions;
  #underWay = 0;
  #last = 0;
  /** Settles with the newest batch; rejects once one could not be stored. */
  #stored: Promise<void> = Promise.resolve();
  #failure: unknown;
  /** Whether the failure has been thrown. */
  #hasSaid = false;
  #onStop: () => void = () => undefined;

  constructor(options: RedisWriterOptions) {
    this.#options = options;
  }

  append(batch: EventBatch): Promise<void> | undefined {
    if (this.#failure !== undefined) {
      this.#hasSaid = true;
      throw this.#failure as Error;
    }
    this.#underWay++;
    this.#last = batch.seq + batch.events.length - 1;
    const stored = this.#store(batch, this.#stored);
    stored.catch((error: unknown) => {
      this.#failure ??= error;
    });
    this.#stored = stored;
    if (this.#underWay < MAX_UNDER_WAY) return undefined;
    return stored.catch((error: unknown) => {
      this.#hasSaid = true;
      throw error;
    });
  }

  /** @throws where the end, or an event before it, could not be stored, unless `append` has said so. Readers on this host are told in any case. */
  async end(failure: RunFailure | null): Promise<void> {
    const { memory, onEnd } = this.#options;
    const hasSaid = this.#hasSaid;
    let problem: unknown;
    let outcome = failure;
    try {
      await this.#stored;
    } catch (error) {
      problem = error;
      // Without its last events no run may look whole.
      outcome ??= toRunFailure(error);
    }
    try {
      await this.#storeEnd(outcome);
    } catch (error) {
      problem ??= error;
    }
    await memory.end(outcome);
    onEnd();
    if (problem !== undefined && !hasSaid) throw problem as Error;
  }

  onStop(callback: () => void): void {
    this.#onStop = callback;
    this.#options.memory.onStop(callback);
  }

  /** Somebody asks for the run to be stopped. */
  requestStop(): void {
    this.#onStop();
  }

  async isAttended(): Promise<boolean> {
    const { keys, send, memory } = this.#options;
    return (await memory.isAttended()) || Number(await send(['EXISTS', keys.readers])) > 0;
  }

  /** Says that the run lives. */
  async beat(): Promise<void> {
    const { keys, send, limits } = this.#options;
    await Promise.all([
      send(['SET', keys.owner, '1', 'PX', String(limits.deadMs)]),
      send(['PEXPIRE', keys.events, String(limits.keepMs)]),
    ]);
  }

  async #storeEnd(failure: RunFailure | null): Promise<void> {
    const { keys, send, limits } = this.#options;
    await Promise.all([
      send(['XADD', keys.events, `${this.#last + 1}-0`, ...endFields(failure)]),
      send(['PEXPIRE', keys.events, String(limits.keepMs)]),
      send(['DEL', keys.owner, keys.readers]),
    ]);
  }

  async #store(batch: EventBatch, before: Promise<void>): Promise<void> {
    const { keys, send, limits, memory } = this.#options;
    try {
      // Sent at once: commands of one connection are answered in their order.
      const sent = send([
        'XADD',
        keys.events,
        'MAXLEN',
        '~',
        String(limits.maxBatchesPerRun),
        `${batch.seq}-0`,
        ...eventFields(batch.events),
      ]);
      await Promise.all([before, sent]);
      await memory.append(batch);
    } finally {
      this.#underWay--;
    }
  }
}
