import type { Usage } from '../../event.ts';
import { asNumber, asRecord } from '../json-record.ts';

/** Usage of the terminal event, in the one convention of {@link Usage}; `null` where there is none to be read. */
export function readUsage(value: unknown): Usage | null {
  const usage = asRecord(value);
  const input = asNumber(usage?.['input_tokens']);
  const output = asNumber(usage?.['output_tokens']);
  if (input === undefined && output === undefined) return null;
  const inputDetails = asRecord(usage?.['input_tokens_details']);
  const cacheRead = asNumber(inputDetails?.['cached_tokens']);
  const cacheWrite = asNumber(inputDetails?.['cache_write_tokens']);
  const reasoning = asNumber(asRecord(usage?.['output_tokens_details'])?.['reasoning_tokens']);
  return {
    token_in: input ?? 0,
    token_out: output ?? 0,
    ...(cacheRead === undefined ? {} : { token_cache_read: cacheRead }),
    ...(cacheWrite === undefined ? {} : { token_cache_write: cacheWrite }),
    ...(reasoning === undefined ? {} : { token_reasoning: reasoning }),
  };
}
