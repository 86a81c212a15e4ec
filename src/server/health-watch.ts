import type { Clock } from '../clock.ts';
import { isKatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import type { Observer } from '../observer.ts';
import type { EventLog } from '../sse/event-log.ts';

/** Something that is not as it should be. */
export interface HealthReason {
  readonly code: string;
  readonly message: string;
}

interface ProviderState {
  failures: number;
  code: string;
  /** On the clock. */
  at: number;
}

/** So many failed attempts in a row say that a provider is down, not that one request was bad. */
const FAILURES = 3;
/** A failure that is older, in milliseconds, tells nothing of now. */
const FRESH_MS = 300_000;
const PROBE_MS = 1000;
/** A probe is good for so long, in milliseconds: the question costs no key and must not cost the log much. */
const PROBE_KEEP_MS = 1000;

/** Watches what runs meet, and asks the event log whether it answers. */
export class HealthWatch {
  readonly #clock: Clock;
  readonly #log: EventLog;
  readonly #providers = new Map<string, ProviderState>();
  #probe: { readonly at: number; readonly isReachable: Promise<boolean> } | undefined;

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** To be told of every run. */
  observer(): Observer {
    const names = new Map<string, string>();
    return {
      events: (batch) => {
        for (const event of batch) this.#note(event, names);
      },
    };
  }

  /** Providers that failed several times in a row, of late. */
  providerReasons(): HealthReason[] {
    const since = this.#clock.now() - FRESH_MS;
    return [...this.#providers].flatMap(([name, { failures, code, at }]) =>
      failures < FAILURES || at < since
        ? []
        : [{ code: 'provider-failing', message: `${name}: the last ${failures} attempts failed (${code}).` }],
    );
  }

  /** Whether the event log answers within a second. */
  isLogReachable(): Promise<boolean> {
    const now = this.#clock.now();
    if (this.#probe === undefined || now - this.#probe.at > PROBE_KEEP_MS)
      this.#probe = { at: now, isReachable: this.#ask() };
    return this.#probe.isReachable;
  }

  #note(event: ChainEvent, names: Map<string, string>): void {
    if (event.type !== 'attempt-start' && event.type !== 'attempt-end') return;
    const key = `${event.req_id}/${event.call}.${event.attempt}`;
    if (event.type === 'attempt-start') {
      names.set(key, event.provider);
      return;
    }
    const name = names.get(key);
    names.delete(key);
    if (name === undefined) return;
    if (event.outcome === 'completed') this.#providers.delete(name);
    if (event.outcome !== 'failed') return;
    const code = event.error?.code ?? 'unknown';
    // What the client did wrong says nothing of the provider.
    if (CLIENT_CODES.has(code)) return;
    const failures = (this.#providers.get(name)?.failures ?? 0) + 1;
    this.#providers.set(name, { failures, code, at: this.#clock.now() });
  }

  /** A run that nobody has: a log that says so is there. */
  #ask(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(PROBE_MS, () => resolve(false));
      this.#log
        .read('health/probe')
        .then(
          () => true,
          (error: unknown) => isKatamariError(error) && error.code === 'not-found',
        )
        .then((isReachable) => {
          cancel();
          resolve(isReachable);
        }, resolve);
    });
  }
}

const CLIENT_CODES: ReadonlySet<string> = new Set([
  'invalid-input',
  'bad-request',
  'context-overflow',
  'content-filter',
]);
