import type { Clock } from '../clock.ts';
import { isKatamariError } from '../errors.ts';
import type { Run } from '../run.ts';
import type { EventBatch, EventLog } from '../sse/event-log.ts';
import { memoryEventLog } from '../sse/memory-event-log.ts';
import { RunHost } from '../sse/run-host.ts';
import { comeBack, HttpFault } from './http-fault.ts';
import { RunSlots, type RunLimits } from './run-slots.ts';
import { scopedLog } from './scoped-log.ts';

/** What a desk is made of. */
export interface RunDeskOptions {
  readonly log: EventLog | undefined;
  readonly graceMs: number | undefined;
  readonly limits: RunLimits;
  readonly clock: Clock;
  readonly onError: (error: unknown, req_id: string) => void;
}

/** Who wants to run what. */
export interface Ticket {
  readonly client: string;
  readonly req_id: string;
  /** Aborted when the client leaves. */
  readonly signal: AbortSignal;
}

/** A place for a run, taken. */
export interface Place {
  /** Ties the place to a run that somebody reads already: it is given back when the run has ended. */
  hold(run: Run): void;
  /** Gives the place back where no run came of it. */
  leave(): void;
}

/** Knows every run that is under way, whose it is, and how many there may be. */
export class RunDesk {
  readonly slots: RunSlots;
  readonly log: EventLog;
  readonly #options: RunDeskOptions;
  readonly #hosts = new Map<string, RunHost>();
  /** By client and id; `undefined` while the run waits for a place. */
  readonly #runs = new Map<string, Run | undefined>();
  #emptied = Promise.withResolvers<void>();
  #draining = false;

  constructor(options: RunDeskOptions) {
    this.#options = options;
    this.slots = new RunSlots(options.limits, options.clock);
    this.log = options.log ?? memoryEventLog({ clock: options.clock });
  }

  get draining(): boolean {
    return this.#draining;
  }

  /**
   * Waits for a place.
   *
   * @throws HttpFault 409 where the client has a run of this id under way, 429 where there is no place, 503 while the server is shutting down
   */
  async enter({ client, req_id, signal }: Ticket): Promise<Place> {
    if (this.#draining) throw shuttingDown();
    const key = `${client}/${req_id}`;
    if (this.#runs.has(key)) throw taken();
    this.#runs.set(key, undefined);
    const give = await this.slots.take(signal).catch((error: unknown) => {
      this.#forget(key);
      throw error;
    });
    const leave = (): void => {
      give();
      this.#forget(key);
    };
    return {
      leave,
      hold: (run) => {
        this.#runs.set(key, run);
        void run.result().then(leave, leave);
      },
    };
  }

  /** Executes a run apart from its client. @throws HttpFault 409 where the log has a run of this id */
  async host(client: string, run: Run): Promise<void> {
    try {
      await this.#hostOf(client).start(run);
    } catch (error) {
      throw isKatamariError(error) && error.code === 'invalid-input' ? taken() : error;
    }
  }

  /** @throws HttpFault 404, 410, 400 as `RunHost.events` says */
  async events(ticket: Ticket, after: number): Promise<AsyncIterableIterator<EventBatch>> {
    try {
      return await this.#hostOf(ticket.client).events(ticket.req_id, { after, signal: ticket.signal });
    } catch (error) {
      throw fromLog(error);
    }
  }

  /** Stops a run, wherever it is executed. False where it has ended. @throws HttpFault 404 where the client has no such run */
  async stop(client: string, req_id: string): Promise<boolean> {
    const run = this.#runs.get(`${client}/${req_id}`);
    run?.abort('the client stopped it');
    if (run !== undefined) return true;
    if (await this.#hostOf(client).stop(req_id)) return true;
    const reader = await this.events({ client, req_id, signal: AbortSignal.abort() }, 0);
    await reader.return?.();
    return false;
  }

  /** Takes no more runs, waits for those under way, and stops what is left after `timeoutMs`. Gives how many were stopped. */
  async drain(timeoutMs: number): Promise<number> {
    this.#draining = true;
    this.slots.refuseAll(shuttingDown());
    let stopped = 0;
    const cancel = this.#options.clock.after(timeoutMs, () => {
      for (const run of this.#runs.values()) {
        if (run === undefined) continue;
        stopped++;
        run.abort('the server is shutting down');
      }
    });
    while (this.#runs.size > 0) await this.#emptied.promise;
    cancel();
    // The logs may still be closing.
    await Promise.all([...this.#hosts.values()].map((host) => host.drain(timeoutMs)));
    return stopped;
  }

  #forget(key: string): void {
    this.#runs.delete(key);
    if (this.#runs.size > 0) return;
    this.#emptied.resolve();
    this.#emptied = Promise.withResolvers();
  }

  #hostOf(client: string): RunHost {
    const { graceMs, clock, onError } = this.#options;
    const known = this.#hosts.get(client);
    if (known !== undefined) return known;
    const host = new RunHost({
      log: scopedLog(this.log, client),
      ...(graceMs !== undefined && { graceMs }),
      onLogError: onError,
      clock,
    });
    this.#hosts.set(client, host);
    return host;
  }
}

function shuttingDown(): HttpFault {
  return comeBack(503, 'overloaded', 'The server is shutting down and takes no more runs.', 1000);
}

/** A run that is not there is the client's affair; elsewhere the same code tells of a provider. */
function fromLog(error: unknown): unknown {
  if (!isKatamariError(error) || error.code !== 'not-found') return error;
  return new HttpFault(404, 'not-found', error.message);
}

function taken(): HttpFault {
  return new HttpFault(
    409,
    'invalid-input',
    'There is a run of this X-Request-Id already. Give every run its own.',
  );
}
