import type { RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { PhaseMemory } from './conversation-memory.ts';
import { costDelta, untrimmedPrefix, wholePrompt } from './cost-delta.ts';
import type { Costs } from './cost-ledger.ts';
import type { MessageHashes } from './message-hashes.ts';
import { prefixTokens, sentPrompt } from './sent-prefix.ts';
import type { TrimFigures } from './tell-trim.ts';
import type { TrimReport } from './trim-report.ts';

/** A request before and after its trim. */
export interface TrimmedPrompt {
  readonly request: ChatRequest;
  readonly trimmed: ChatRequest;
  readonly report: TrimReport;
  readonly costs: Costs;
  readonly context: RunContext;
  readonly hashes: MessageHashes;
}

/** What the provider's cache may hold of a prompt and what that saves, and what has to be kept to know it at the next call. */
export function accountPrompt(
  { request, trimmed, report, costs, context, hashes }: TrimmedPrompt,
  before: PhaseMemory | undefined,
): {
  readonly figures: Pick<Partial<TrimFigures>, 'cache_prefix_tokens' | 'cost_delta_usd'>;
  readonly memory: Omit<PhaseMemory, 'cut'>;
} {
  const sent = sentPrompt(trimmed, hashes);
  const prefix = prefixTokens(trimmed, before?.sent, { costs, hashes });
  const known = prefix === undefined ? {} : { cache_prefix_tokens: Math.ceil(prefix) };
  // Nothing is kept or computed for a price that nobody asks for.
  if (context.price === undefined) return { figures: known, memory: { sent } };
  const memory = { sent, whole: wholePrompt(request, report.tokensBefore, hashes) };
  const wholePrefix = untrimmedPrefix(request, before?.whole, hashes);
  if (prefix === undefined || wholePrefix === undefined) return { figures: known, memory };
  // Where nothing has been cut, neither now nor before, the two prompts are one.
  const isWhole = trimmed === request && before?.sent.hash === before?.whole?.hash;
  const delta = costDelta(context, request.model ?? context.provider.model, {
    trimmed: { tokens: report.tokensAfter, cached: Math.ceil(prefix) },
    whole: { tokens: report.tokensBefore, cached: isWhole ? Math.ceil(prefix) : wholePrefix },
  });
  return { figures: { ...known, ...(delta !== undefined && { cost_delta_usd: delta }) }, memory };
}
