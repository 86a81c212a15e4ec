import type { Clock } from '../clock.ts';
import { comeBack } from './http-fault.ts';

/** How many requests a client may make: a bucket that fills at a steady rate, one token a request. */
export interface RateLimit {
  /** Requests in `perMs`, on average. */
  readonly requests: number;
  /** @defaultValue 60000 */
  readonly perMs?: number;
  /** How many may come at once. @defaultValue `requests` */
  readonly burst?: number;
}

interface Bucket {
  tokens: number;
  /** On the clock. */
  filledAt: number;
}

/** Token buckets, one a client. */
export class RateLimiter {
  readonly #ratePerMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ requests, perMs = 60_000, burst = requests }: RateLimit, clock: Clock) {
    this.#ratePerMs = requests / perMs;
    this.#burst = burst;
    this.#clock = clock;
  }

  /** Takes one. @throws HttpFault 429 with `Retry-After` where there is none */
  take(client: string): void {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(client) ?? { tokens: this.#burst, filledAt: now };
    const tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.filledAt) * this.#ratePerMs);
    this.#buckets.set(client, { tokens: tokens < 1 ? tokens : tokens - 1, filledAt: now });
    if (tokens >= 1) return;
    throw comeBack(
      429,
      'rate-limited',
      'Too many requests with this key. Wait, as Retry-After says.',
      (1 - tokens) / this.#ratePerMs,
    );
  }
}
