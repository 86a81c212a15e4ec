import type { Usage } from '../../event.ts';
import { asNumber, asRecord } from '../json-record.ts';

/** Usage as a host reports it, in the one convention of {@link Usage}; `null` where there is none to be read. */
export function readUsage(value: unknown): Usage | null {
  const usage = asRecord(value);
  if (usage === undefined) return null;
  const prompt = asNumber(usage['prompt_tokens']);
  const completion = asNumber(usage['completion_tokens']);
  if (prompt === undefined && completion === undefined) return null;
  const input = asRecord(usage['prompt_tokens_details']);
  const output = asRecord(usage['completion_tokens_details']);
  const reasoning = asNumber(output?.['reasoning_tokens']) ?? asNumber(usage['reasoning_tokens']);
  const cacheRead =
    asNumber(input?.['cached_tokens']) ??
    asNumber(usage['prompt_cache_hit_tokens']) ??
    asNumber(usage['num_cached_tokens']) ??
    asNumber(usage['cached_tokens']);
  const cacheWrite = asNumber(input?.['cache_write_tokens']) ?? asNumber(input?.['cache_creation_tokens']);
  return {
    token_in: prompt ?? 0,
    token_out: withReasoning(prompt ?? 0, completion ?? 0, reasoning ?? 0, asNumber(usage['total_tokens'])),
    ...(cacheRead === undefined ? {} : { token_cache_read: cacheRead }),
    ...(cacheWrite === undefined ? {} : { token_cache_write: cacheWrite }),
    ...(reasoning === undefined ? {} : { token_reasoning: reasoning }),
  };
}

/** xAI counts reasoning beside the completion, all others inside it. The total tells which, also behind a gateway. */
function withReasoning(
  prompt: number,
  completion: number,
  reasoning: number,
  total: number | undefined,
): number {
  const isBeside = reasoning > 0 && (reasoning > completion || total === prompt + completion + reasoning);
  return isBeside ? completion + reasoning : completion;
}
