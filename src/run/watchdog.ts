import type { Clock } from '../clock.ts';
import { ProviderError, type KatamariError } from '../errors.ts';
import type { RunBudget, Timeouts } from '../provider.ts';

/** Limits that hold where neither the run nor the provider sets any, in milliseconds. */
const DEFAULTS = { firstTokenMs: 120_000, idleMs: 60_000, totalMs: 600_000 } as const;

/**
 * Bites when an attempt is silent for too long, or the run's time is up. One timer at a time, re-armed only when it fires, so that a read costs a look at the clock.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #limits: Required<Timeouts>;
  readonly #budget: RunBudget | undefined;
  readonly #bite: (error: KatamariError) => void;
  readonly #startedAt: number;
  #lastReadAt: number;
  #answering = false;
  #cancel: (() => void) | undefined;

  constructor(
    clock: Clock,
    timeouts: Timeouts,
    budget: RunBudget | undefined,
    bite: (error: KatamariError) => void,
  ) {
    this.#clock = clock;
    this.#budget = budget;
    this.#limits = { ...DEFAULTS, ...timeouts };
    this.#bite = bite;
    this.#startedAt = this.#lastReadAt = clock.now();
    this.#arm();
  }

  /** Something arrived at `now`; `answering` from the first text on. */
  touch(now: number, answering: boolean): void {
    this.#lastReadAt = now;
    if (answering === this.#answering) return;
    this.#answering = answering;
    // The idle limit may be nearer than the one that was armed.
    this.stop();
    this.#arm();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    const { at } = this.#deadline();
    if (at === Infinity) return;
    // Node's timers hold 31 bits.
    const ms = Math.min(Math.max(0, at - this.#clock.now()), 2 ** 31 - 1);
    this.#cancel = this.#clock.after(ms, () => {
      this.#check();
    });
  }

  #check(): void {
    const { at, what, ms } = this.#deadline();
    // A timer may fire a hair early.
    if (this.#clock.now() < at - 1) return this.#arm();
    if (this.#budget !== undefined && at === this.#budget.endsAt) return this.#bite(this.#budget.timeUp());
    this.#bite(
      new ProviderError(
        'timeout',
        `The provider sent ${what} within ${ms} ms. Raise the limit or try another model.`,
        {
          retryable: true,
          maybeAccepted: true,
        },
      ),
    );
  }

  #deadline(): { at: number; what: string; ms: number } {
    const { firstTokenMs, idleMs, totalMs } = this.#limits;
    const silence = this.#answering
      ? { at: this.#lastReadAt + idleMs, what: 'nothing more (timeouts.idleMs)', ms: idleMs }
      : { at: this.#startedAt + firstTokenMs, what: 'no text (timeouts.firstTokenMs)', ms: firstTokenMs };
    const total = { at: this.#startedAt + totalMs, what: 'no whole answer (timeouts.totalMs)', ms: totalMs };
    const nearest = silence.at <= total.at ? silence : total;
    const at = this.#budget?.endsAt ?? Infinity;
    return at <= nearest.at ? { ...nearest, at } : nearest;
  }
}
