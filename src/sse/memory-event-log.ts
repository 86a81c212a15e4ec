import { systemClock, type Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import type { EventLog, EventLogWriter, ReadOptions } from './event-log.ts';
import { checkAfter, idTaken, unknownRun } from './log-errors.ts';
import { MemoryReader } from './memory-reader.ts';
import { MemoryRun } from './memory-run.ts';

/** How much a log in memory holds. A reader that is behind what is held gets an error with code `gone`. */
export interface MemoryEventLogOptions {
  /** Runs, those that have ended included. The one that ended first makes room. @defaultValue 1000 */
  readonly maxRuns?: number;
  /** Events of one run; the oldest make room. @defaultValue 65536 */
  readonly maxEventsPerRun?: number;
  /** Memory of all runs together, in bytes, about. Runs that have ended make room, then the oldest events of the run that grows. @defaultValue 64 MiB */
  readonly maxBytes?: number;
  /** How long a run is kept after its end, in milliseconds. @defaultValue 300000 */
  readonly keepMs?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/** Keeps the events of runs in the memory of this process. Nothing runs on its own: what is too old goes when something new comes. */
export function memoryEventLog(options: MemoryEventLogOptions = {}): EventLog {
  return new MemoryEventLog(options);
}

class MemoryEventLog implements EventLog {
  readonly #limits: Required<Omit<MemoryEventLogOptions, 'clock'>>;
  readonly #clock: Clock;
  readonly #runs = new Map<string, MemoryRun>();
  /** In the order in which they ended. */
  readonly #ended = new Map<string, MemoryRun>();
  #bytes = 0;

  constructor({ clock = systemClock, ...limits }: MemoryEventLogOptions) {
    this.#limits = {
      maxRuns: 1000,
      maxEventsPerRun: 65_536,
      maxBytes: 64 * 1024 * 1024,
      keepMs: 300_000,
      ...limits,
    };
    for (const [name, value] of Object.entries(this.#limits)) {
      if (typeof value !== 'number' || !(value >= (name === 'keepMs' ? 0 : 1)))
        throw new KatamariError('invalid-input', `memoryEventLog: ${name} is a number above zero.`);
    }
    this.#clock = clock;
  }

  open(req_id: string): Promise<EventLogWriter> {
    return settled(() => {
      this.#forgetOld();
      if (this.#runs.has(req_id)) throw idTaken();
      while (this.#runs.size >= this.#limits.maxRuns) {
        if (!this.#forgetOldest()) throw noRoom(this.#limits.maxRuns);
      }
      const run = new MemoryRun();
      this.#runs.set(req_id, run);
      return this.#writer(req_id, run);
    });
  }

  read(req_id: string, options: ReadOptions = {}): Promise<MemoryReader> {
    return settled(() => {
      checkAfter(options.after ?? 0);
      this.#forgetOld();
      const run = this.#runs.get(req_id);
      if (run === undefined) throw unknownRun();
      return new MemoryReader(run, options);
    });
  }

  requestStop(req_id: string): Promise<boolean> {
    const run = this.#runs.get(req_id);
    if (run === undefined || run.endedAt !== undefined) return Promise.resolve(false);
    run.requestStop();
    return Promise.resolve(true);
  }

  #writer(req_id: string, run: MemoryRun): EventLogWriter {
    return {
      append: (batch) => {
        const before = run.bytes;
        run.append(batch);
        this.#bytes += run.bytes - before;
        this.#makeRoom(run);
        return undefined;
      },
      end: (failure) => {
        run.end(failure, this.#clock.now());
        this.#ended.set(req_id, run);
        return Promise.resolve();
      },
      onStop: (callback) => {
        run.requestStop = callback;
      },
      isAttended: () => Promise.resolve(run.readers > 0),
    };
  }

  #makeRoom(run: MemoryRun): void {
    const { maxEventsPerRun, maxBytes } = this.#limits;
    while (this.#bytes > maxBytes && this.#forgetOldest());
    while (run.events > maxEventsPerRun || this.#bytes > maxBytes) {
      const size = run.dropOldest();
      if (size === 0) return;
      this.#bytes -= size;
    }
  }

  #forgetOld(): void {
    const limit = this.#clock.now() - this.#limits.keepMs;
    for (const run of this.#ended.values()) {
      if (run.endedAt === undefined || run.endedAt > limit) return;
      this.#forgetOldest();
    }
  }

  /** False where no run has ended. */
  #forgetOldest(): boolean {
    for (const [req_id, run] of this.#ended) {
      this.#ended.delete(req_id);
      this.#runs.delete(req_id);
      this.#bytes -= run.clear();
      return true;
    }
    return false;
  }
}

function noRoom(maxRuns: number): KatamariError {
  return new KatamariError(
    'overloaded',
    `The event log holds ${maxRuns} runs that have not ended. Try again later, or raise maxRuns.`,
    {
      retryable: true,
    },
  );
}

/** What is thrown becomes a rejection. */
function settled<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(make());
  });
}
