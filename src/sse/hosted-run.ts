import type { Clock } from '../clock.ts';
import { isKatamariError, KatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import type { EventLogWriter } from './event-log.ts';
import { toRunFailure } from './run-failure.ts';

/** What a host needs of a run: a `Run` of a chain has it. */
export interface HostableRun {
  readonly req_id: string;
  /** All events, in the arrays in which they were read. */
  batches(): AsyncIterable<readonly ChainEvent[]>;
  /** Brings the run to its end. */
  abort(reason?: unknown): void;
}

/** A run, claimed by its host, and where its events go. */
export interface OpenedRun {
  readonly run: HostableRun;
  readonly batches: AsyncIterable<readonly ChainEvent[]>;
  readonly writer: EventLogWriter;
}

/** What runs of one host have in common. */
export interface HostedRunOptions {
  readonly clock: Clock;
  readonly graceMs: number;
  readonly onLogError: (error: unknown, req_id: string) => void;
}

/** After so many batches other work of this process gets a turn, also where the source has everything at hand. */
const BATCHES_PER_TURN = 128;

/** One run being executed: read to its end into its log, and stopped when nobody reads it for too long. */
export class HostedRun {
  readonly #run: HostableRun;
  readonly #writer: EventLogWriter;
  readonly #options: HostedRunOptions;
  #readers = 0;
  #cancelGrace: (() => void) | undefined;
  #isOver = false;
  /** Resolves when the run has ended and its log is closed; never rejects. */
  readonly ended: Promise<void>;

  constructor({ run, batches, writer }: OpenedRun, options: HostedRunOptions) {
    this.#run = run;
    this.#writer = writer;
    this.#options = options;
    writer.onStop(() => {
      this.stop();
    });
    this.#waitForReader();
    this.ended = this.#execute(batches);
  }

  stop(): void {
    this.#run.abort('the run was stopped');
  }

  /** A reader comes. Returns what it calls when it leaves. */
  enter(): () => void {
    this.#readers++;
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.#readers--;
      this.#waitForReader();
    };
  }

  async #execute(batches: OpenedRun['batches']): Promise<void> {
    let failure = null;
    try {
      await this.#pump(batches);
    } catch (error) {
      failure = toRunFailure(error);
    }
    this.#isOver = true;
    this.#cancelGrace?.();
    try {
      await this.#writer.end(failure);
    } catch (error) {
      this.#options.onLogError(error, this.#run.req_id);
    }
  }

  async #pump(batches: OpenedRun['batches']): Promise<void> {
    let seq = 1;
    let count = 0;
    for await (const events of batches) {
      if (events.length === 0) continue;
      try {
        const written = this.#writer.append({ seq, events, at: this.#options.clock.now() });
        if (written !== undefined) await written;
      } catch (error) {
        this.#options.onLogError(error, this.#run.req_id);
        throw logFailed(error);
      }
      seq += events.length;
      if (++count % BATCHES_PER_TURN === 0) await nextTurn();
    }
  }

  #waitForReader(): void {
    const { clock, graceMs } = this.#options;
    if (this.#readers > 0 || this.#isOver || graceMs === Infinity) return;
    this.#cancelGrace?.();
    this.#cancelGrace = clock.after(graceMs, () => {
      void this.#endOfGrace();
    });
  }

  /** Readers on another host are known to the log only. */
  async #endOfGrace(): Promise<void> {
    this.#cancelGrace = undefined;
    const isAttended = await this.#writer.isAttended().catch(() => false);
    if (this.#readers > 0 || this.#isOver) return;
    if (isAttended) this.#waitForReader();
    else this.#run.abort('nobody reads the run any more');
  }
}

function logFailed(error: unknown): KatamariError {
  return isKatamariError(error)
    ? error
    : new KatamariError('connection', 'The event log of the run failed, and the run was stopped.', {
        retryable: true,
        cause: error,
      });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
