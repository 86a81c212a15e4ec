import type { ErrorCode } from '../errors.ts';
import type { ChainEvent } from '../event.ts';

/** Events of one run that follow one another. They are numbered in the order of the run, from 1, without a gap. */
export interface EventBatch {
  /** Number of the first event; the others follow it. */
  readonly seq: number;
  /** Never empty. */
  readonly events: readonly ChainEvent[];
  /** When the first of them came, in milliseconds on the clock of the host that executes the run; it stays on that host. */
  readonly at?: number;
}

/** Why a run failed, as far as a stranger may know. */
export interface RunFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

/** Where in a run's log a reader begins, and when it leaves. */
export interface ReadOptions {
  /** Number of the last event the reader has. @defaultValue 0: from the beginning */
  readonly after?: number;
  /** Ends the reading. The run does not end with it. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the reading is over: at the end of the run, by an error, or because the reader left. */
  readonly onClose?: () => void;
}

/** The side of a run's log that is written, by the one host that executes the run. */
export interface EventLogWriter {
  /**
   * Appends what was read together. A promise, where there is one, is waited for before the run is read on.
   *
   * @throws where the log can't take it: the run is stopped then
   */
  append(batch: EventBatch): Promise<void> | undefined;
  /** Closes the log; `failure` is what its readers get after the last event, `null` where the run did not fail. */
  end(failure: RunFailure | null): Promise<void>;
  /** Calls back when somebody asks for the run to be stopped, here or on another host. */
  onStop(callback: () => void): void;
  /** Whether anybody reads the log at this moment, on whatever host. */
  isAttended(): Promise<boolean>;
}

/**
 * Keeps the events of runs for readers that come late, come back or come twice. In memory it is {@link memoryEventLog}; `katamari/redis`
 * has one for several hosts.
 */
export interface EventLog {
  /**
   * Begins the log of a run.
   *
   * @throws KatamariError `invalid-input` where the id is taken, `overloaded` where there is no room
   */
  open(req_id: string): Promise<EventLogWriter>;
  /**
   * Opens a log for reading: what is stored after `after`, then what is appended, until the run ends. What the run failed with is
   * thrown after its last event.
   *
   * @throws KatamariError `not-found` for an unknown run, `gone` where events after `after` are no longer kept, `invalid-input` where the run
   * has no event `after`
   */
  read(req_id: string, options?: ReadOptions): Promise<AsyncIterableIterator<EventBatch>>;
  /** Asks the host that executes the run to stop it. False where no such run is being executed. */
  requestStop(req_id: string): Promise<boolean>;
}
