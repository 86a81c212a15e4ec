import type { FinishReason, Usage } from '../event.ts';
import { asNumber, asRecord, asText } from '../wire/json-record.ts';

/** Why a model finished, as it says itself. */
export interface Finish {
  /** In the AI SDK's one vocabulary. */
  readonly unified: string;
  /** The vendor's own word, where it is handed on. */
  readonly raw: string | null;
}

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content-filter',
  'tool-calls': 'tool-calls',
};

/** Reads a finish reason: an object since version 3, a word in version 2. */
export function readFinish(finishReason: unknown): Finish {
  const record = asRecord(finishReason);
  if (record === undefined) return { unified: asText(finishReason) ?? 'unknown', raw: null };
  return { unified: asText(record['unified']) ?? 'unknown', raw: asText(record['raw']) ?? null };
}

/** The reason in katamari's vocabulary, which tells a model that will not answer from a filter that bites. */
export function toFinishReason({ unified, raw }: Finish): FinishReason {
  if (unified === 'content-filter' && raw === 'refusal') return 'refusal';
  return reasons[unified] ?? 'unknown';
}

/**
 * What was billed; `null` where either side is not known. Since version 3 the totals hold the parts: cached and reasoning tokens. Version 2
 * leaves that to the provider: a total that is smaller than its parts cannot hold them, so they are added to it.
 */
export function toUsage(usage: unknown): Usage | null {
  const record = asRecord(usage) ?? {};
  const [input, output] = [asRecord(record['inputTokens']), asRecord(record['outputTokens'])];
  const read = asNumber(input === undefined ? record['cachedInputTokens'] : input['cacheRead']);
  const write = asNumber(input?.['cacheWrite']);
  const thought = asNumber(output === undefined ? record['reasoningTokens'] : output['reasoning']);
  const tokenIn = wholeOf(input?.['total'] ?? record['inputTokens'], [read, write], input?.['noCache']);
  const tokenOut = wholeOf(output?.['total'] ?? record['outputTokens'], [thought], output?.['text']);
  if (tokenIn === undefined || tokenOut === undefined) return null;
  return {
    token_in: tokenIn,
    token_out: tokenOut,
    ...(read === undefined ? {} : { token_cache_read: read }),
    ...(write === undefined ? {} : { token_cache_write: write }),
    ...(thought === undefined ? {} : { token_reasoning: thought }),
  };
}

function wholeOf(total: unknown, parts: readonly (number | undefined)[], rest: unknown): number | undefined {
  const inParts = parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  const whole = asNumber(total);
  if (whole !== undefined) return whole < inParts ? whole + inParts : whole;
  const others = asNumber(rest);
  return others === undefined ? undefined : others + inParts;
}
