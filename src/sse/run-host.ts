import { systemClock, type Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import type { EventBatch, EventLog, EventLogWriter, ReadOptions } from './event-log.ts';
import { HostedRun, type HostableRun } from './hosted-run.ts';
import { memoryEventLog } from './memory-event-log.ts';

/** How a host keeps its runs. */
export interface RunHostOptions {
  /** Where events are kept for readers that come late or come back. @defaultValue `memoryEventLog()` */
  readonly log?: EventLog;
  /**
   * How long a run goes on while nobody reads it, in milliseconds, counted from its start, or from when the last reader left. `Infinity`
   * lets it run to its end. @defaultValue 30000
   */
  readonly graceMs?: number;
  /** Told when the log fails, with the run's id; the run is stopped then. Must not throw. @defaultValue nobody is told */
  readonly onLogError?: (error: unknown, req_id: string) => void;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/**
 * Executes runs apart from those who read them. A reader that leaves, or whose connection breaks, does not end the run: it may come back
 * within the grace time and go on where it was. Stopping is something else, and is said: `stop(req_id)`.
 *
 * A hosted run is read as fast as its log takes the events, however slow its readers are; what bounds it is the log.
 */
export class RunHost {
  readonly #log: EventLog;
  readonly #graceMs: number;
  readonly #onLogError: (error: unknown, req_id: string) => void;
  readonly #clock: Clock;
  readonly #running = new Map<string, HostedRun>();
  #draining = false;

  constructor(options: RunHostOptions = {}) {
    const { clock = systemClock, graceMs = 30_000, onLogError = () => undefined } = options;
    if (!(graceMs >= 0))
      throw new KatamariError('invalid-input', 'RunHost: graceMs is milliseconds, from 0.');
    this.#log = options.log ?? memoryEventLog({ clock });
    this.#graceMs = graceMs;
    this.#onLogError = onLogError;
    this.#clock = clock;
  }

  /** How many runs are being executed here. */
  get running(): number {
    return this.#running.size;
  }

  /** Whether the host takes no more runs. */
  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Executes a run that has not begun. Resolves once its events can be read; the run goes on by itself.
   *
   * @throws KatamariError `invalid-input` where there is a run of this id, `overloaded` where the host is draining or its log is full,
   * `run-consumed` where the run is read already
   */
  async start(run: HostableRun): Promise<void> {
    this.#checkOpen();
    const { req_id } = run;
    const batches = run.batches();
    const writer = await this.#open(run);
    const hosted = new HostedRun(
      { run, batches, writer },
      {
        clock: this.#clock,
        graceMs: this.#graceMs,
        onLogError: this.#onLogError,
      },
    );
    this.#running.set(req_id, hosted);
    void hosted.ended.then(() => this.#running.delete(req_id));
    if (this.#draining) hosted.stop();
  }

  /**
   * The events of a run: those after `after`, then what comes, until the run ends. Several readers may read one run, each from where it
   * likes. Leaving is a disconnect, not a stop. What the run failed with is thrown after the last event.
   *
   * @throws KatamariError `not-found`, `gone`, `invalid-input` as {@link EventLog.read} does
   */
  async events(req_id: string, options: ReadOptions = {}): Promise<AsyncIterableIterator<EventBatch>> {
    const hosted = this.#running.get(req_id);
    if (hosted === undefined) return this.#log.read(req_id, options);
    const leave = hosted.enter();
    const onClose = (): void => {
      leave();
      options.onClose?.();
    };
    try {
      return await this.#log.read(req_id, { ...options, onClose });
    } catch (error) {
      leave();
      throw error;
    }
  }

  /**
   * Stops a run, wherever it is executed. Its readers get the closing events, `done` with `finishReason: 'aborted'` the last.
   *
   * @returns false where no such run is being executed
   */
  stop(req_id: string): Promise<boolean> {
    const hosted = this.#running.get(req_id);
    if (hosted === undefined) return this.#log.requestStop(req_id);
    hosted.stop();
    return Promise.resolve(true);
  }

  /**
   * Takes no more runs and lets those that are being executed come to their end; what is still running after `ms` milliseconds is stopped.
   *
   * @returns how many were stopped
   */
  async drain(ms: number): Promise<number> {
    this.#draining = true;
    const late = new Promise<void>((resolve) => {
      const cancel = ms === Infinity ? () => undefined : this.#clock.after(ms, resolve);
      void this.#allEnded().then(() => {
        cancel();
        resolve();
      });
    });
    await late;
    const left = [...this.#running.values()];
    for (const hosted of left) hosted.stop();
    await this.#allEnded();
    return left.length;
  }

  async #allEnded(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #open(run: HostableRun): Promise<EventLogWriter> {
    try {
      return await this.#log.open(run.req_id);
    } catch (error) {
      // Nobody else can read it any more: whoever waits for its result is answered.
      run.abort(error);
      throw error;
    }
  }

  #checkOpen(): void {
    if (!this.#draining) return;
    throw new KatamariError(
      'overloaded',
      'The host is shutting down and takes no more runs. Try again: another host may answer.',
      { retryable: true },
    );
  }
}
