import type { Usage } from '../event.ts';
import type { ModelEntry, ModelPrices, TokenPrices } from './model-entry.ts';

const TOKENS_PER_PRICE = 1_000_000;

/**
 * What one call cost, in USD: fresh prompt tokens, cache reads, cache writes and generated tokens, each times its own price. A prompt
 * longer than a step of `prices.longPrompt` makes the whole call dearer, so add up the costs of calls, not their tokens.
 *
 * @returns `null` where a price that is needed is not known, or a count is no number of 0 or more
 */
export function costUsd(usage: Usage, entry: ModelEntry): number | null {
  const { token_in, token_out, token_cache_read = 0, token_cache_write = 0 } = usage;
  if (!isCount(token_in)) return null;
  const fresh = Math.max(0, token_in - token_cache_read - token_cache_write);
  const prices = pricesFor(entry.prices, token_in);
  const parts = [
    part(fresh, prices.input),
    part(token_cache_read, prices.cacheRead),
    part(token_cache_write, prices.cacheWrite),
    part(token_out, prices.output),
  ];
  let sum = 0;
  for (const cost of parts) {
    if (cost === null) return null;
    sum += cost;
  }
  return sum / TOKENS_PER_PRICE;
}

/** The prices that hold for a prompt of this length. */
function pricesFor(prices: ModelPrices, promptTokens: number): TokenPrices {
  return prices.longPrompt?.findLast(({ aboveTokens }) => promptTokens > aboveTokens) ?? prices;
}

/** Tokens times price; nothing costs nothing, whatever its price. */
function part(tokens: number, price: number | null | undefined): number | null {
  if (tokens === 0) return 0;
  return isCount(tokens) && price !== null && price !== undefined ? tokens * price : null;
}

function isCount(tokens: number): boolean {
  return Number.isFinite(tokens) && tokens >= 0;
}
