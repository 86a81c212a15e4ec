import type { Clock } from '../clock.ts';
import { comeBack, HttpFault } from './http-fault.ts';

/** How many runs there may be at once, and who may wait. */
export interface RunLimits {
  /** Runs at once, over all clients. @defaultValue 100 */
  readonly maxRuns?: number;
  /** Requests that may wait for one to end; more get 429 at once. @defaultValue 100 */
  readonly maxQueued?: number;
  /** How long one waits before it gets 429, in milliseconds. @defaultValue 10000 */
  readonly queueTimeoutMs?: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (fault: HttpFault) => void;
}

/** Places for runs, given out in the order in which they were asked for. */
export class RunSlots {
  readonly #maxRuns: number;
  readonly #maxQueued: number;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #queue = new Set<Waiting>();
  #taken = 0;

  constructor({ maxRuns = 100, maxQueued = 100, queueTimeoutMs = 10_000 }: RunLimits, clock: Clock) {
    this.#maxRuns = maxRuns;
    this.#maxQueued = maxQueued;
    this.#timeoutMs = queueTimeoutMs;
    this.#clock = clock;
  }

  get taken(): number {
    return this.#taken;
  }

  get queued(): number {
    return this.#queue.size;
  }

  /**
   * A place, at once or when one becomes free. The function that is returned gives it back; calling it twice does nothing.
   *
   * @throws HttpFault 429 with `Retry-After` where the queue is full or it took too long; 499 where the client left
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (this.#taken >= this.#maxRuns) await this.#wait(signal);
    else this.#taken++;
    let isGiven = true;
    return () => {
      if (!isGiven) return;
      isGiven = false;
      this.#free();
    };
  }

  /** Sends away all who wait. */
  refuseAll(fault: HttpFault): void {
    for (const waiting of this.#queue) waiting.refuse(fault);
  }

  /** The place goes to the next in the queue, who need not count itself. */
  #free(): void {
    const [next] = this.#queue;
    if (next === undefined) this.#taken--;
    else next.enter();
  }

  #wait(signal: AbortSignal): Promise<void> {
    if (this.#queue.size >= this.#maxQueued) throw this.#busy();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      this.#queue.delete(waiting);
      signal.removeEventListener('abort', left);
      cancel();
    };
    const waiting: Waiting = {
      enter: () => {
        leave();
        resolve();
      },
      refuse: (fault) => {
        leave();
        reject(fault);
      },
    };
    const left = (): void => waiting.refuse(new HttpFault(499, 'aborted', 'The client left.'));
    const cancel = this.#clock.after(this.#timeoutMs, () => waiting.refuse(this.#busy()));
    this.#queue.add(waiting);
    if (signal.aborted) left();
    else signal.addEventListener('abort', left, { once: true });
    return promise;
  }

  #busy(): HttpFault {
    const message = `The server has all ${this.#maxRuns} runs under way that it may have. Come back later.`;
    return comeBack(429, 'overloaded', message, Math.max(1000, this.#timeoutMs / 2));
  }
}
