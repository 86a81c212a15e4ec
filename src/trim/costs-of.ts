import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { loadCounter } from '../tokens/load-counter.ts';
import { mediaOf } from '../tokens/media-by-model.ts';
import { RequestCounter } from '../tokens/request-counter.ts';
import type { TokenCounter } from '../tokens/token-counter.ts';
import type { Costs } from './cost-ledger.ts';

/** Whatever counts tokens: of a text, or of whole requests. */
export type AnyCounter = TokenCounter | Costs;

/** Counts by the scripts of the text, for models whose tokenizer is not public. */
export const estimate: TokenCounter = { name: 'estimate', exact: false, count: estimateTokens };

/**
 * How far the estimate may be below o200k_base, as a share, where nothing will correct it: a budget is to hold all the same. It was up to
 * 35.5 % below on single messages of Japanese encyclopedia text, and 28 % on those of English meetings.
 */
export const ESTIMATE_CAUTION = 0.36;

/** What counts whole requests, from whatever counts tokens. */
export function costsOf(counter: AnyCounter = estimate): Costs {
  return 'request' in counter ? counter : new RequestCounter(counter);
}

/** What counts requests for a model: its own tokenizer, or an estimate where that is not public. */
export async function loadCosts(model: string): Promise<Costs> {
  return new RequestCounter(await loadCounter(model), mediaOf(model));
}
