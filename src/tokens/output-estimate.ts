import { TokenScan } from './token-scan.ts';

/**
 * Estimates the tokens of a text that comes in pieces. The same as `estimateTokens` of the whole, wherever it was cut; estimating each
 * piece alone would say up to twice as much. Keeps no text.
 */
export class OutputEstimate {
  readonly #scan = new TokenScan();

  /** Takes the next piece. */
  add(text: string): void {
    this.#scan.add(text);
  }

  /** Tokens so far, rounded up. */
  get tokens(): number {
    return Math.ceil(this.#scan.tokens);
  }
}
