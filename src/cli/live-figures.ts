import type { ChainEvent, Phase } from '../event.ts';
import type { PriceCall } from '../provider.ts';
import { OutputEstimate } from '../tokens/output-estimate.ts';
import { grouped } from './numbers.ts';

interface RunningCall {
  readonly provider: string;
  readonly model: string;
  /** Tokens of its prompt, as far as a trim has counted them. */
  readonly tokenIn: number;
  readonly written: OutputEstimate;
}

/** Tokens, cost and latency of a run while it lasts: what was billed of calls that have ended, an estimate of those under way. */
export class LiveFigures {
  readonly #price: PriceCall | undefined;
  readonly #now: () => number;
  readonly #began: number;
  readonly #running = new Map<string, RunningCall>();
  #phase: Phase | undefined;
  #tokenIn = 0;
  #tokenOut = 0;
  #costUsd: number | null = 0;
  #trimmedTo = 0;

  /**
   * @param price - what calls cost; left out where nothing does
   * @param now - in milliseconds
   */
  constructor(price: PriceCall | undefined, now: () => number = () => performance.now()) {
    this.#price = price;
    this.#now = now;
    this.#began = now();
  }

  /** Takes what the run tells. */
  add(event: ChainEvent): void {
    if (event.type === 'attempt-start') {
      const { provider, model } = event;
      this.#phase = event.phase;
      const call = { provider, model, tokenIn: this.#trimmedTo, written: new OutputEstimate() };
      this.#running.set(keyOf(event), call);
    } else if (event.type === 'token' || event.type === 'reasoning') {
      this.#running.get(keyOf(event))?.written.add(event.text);
    } else if (event.type === 'metrics' && event.scope === 'trim') {
      this.#trimmedTo = event.token_out;
    } else if (event.type === 'metrics' && event.scope === 'call') {
      this.#running.delete(keyOf(event));
      this.#tokenIn += event.token_in;
      this.#tokenOut += event.token_out;
      this.#costUsd = sum(this.#costUsd, event.cost_usd === undefined ? 0 : event.cost_usd);
    }
  }

  /** For example `final · ~4,533 in · ~93 out · ~$0.0021 · 3.4 s`. */
  get line(): string {
    return `${this.#phase ?? 'begins'} · ${this.sums}`;
  }

  /** The same without the phase. */
  get sums(): string {
    let [tokenIn, tokenOut, costUsd] = [this.#tokenIn, this.#tokenOut, this.#costUsd];
    for (const { provider, model, tokenIn: asked, written } of this.#running.values()) {
      tokenIn += asked;
      tokenOut += written.tokens;
      const usage = { token_in: asked, token_out: written.tokens };
      costUsd = sum(costUsd, this.#price === undefined ? 0 : this.#price(usage, { provider, model }));
    }
    const about = this.#running.size > 0 ? '~' : '';
    const seconds = ((this.#now() - this.#began) / 1000).toFixed(1);
    return [
      `${about}${grouped(tokenIn)} in`,
      `${about}${grouped(tokenOut)} out`,
      costUsd === null ? 'cost not known' : `${about}$${costUsd === 0 ? '0' : costUsd.toFixed(4)}`,
      `${seconds} s`,
    ].join(' · ');
  }
}

function keyOf({ call, attempt }: { readonly call: number; readonly attempt: number }): string {
  return `${call}.${attempt}`;
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}
