import type { ChatRequest } from '../request.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { RequestCounter } from '../tokens/request-counter.ts';

/** Tokens of a whole request, where a provider did not or has not yet said it. */
export function promptEstimate(request: ChatRequest): number {
  return new RequestCounter({ name: 'estimate', exact: false, count: estimateTokens }).request(request);
}
