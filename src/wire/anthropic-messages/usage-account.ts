import type { Usage } from '../../event.ts';
import { asNumber, asRecord } from '../json-record.ts';

/** Usage of one answer, told in pieces that each hold the state so far: what a later piece names replaces, what it leaves null stands. */
export class UsageAccount {
  #input: number | undefined;
  #output: number | undefined;
  #cacheRead: number | undefined;
  #cacheWrite: number | undefined;
  #thinking: number | undefined;

  update(value: unknown): void {
    const usage = asRecord(value);
    if (usage === undefined) return;
    this.#input = asNumber(usage['input_tokens']) ?? this.#input;
    this.#output = asNumber(usage['output_tokens']) ?? this.#output;
    this.#cacheRead = asNumber(usage['cache_read_input_tokens']) ?? this.#cacheRead;
    this.#cacheWrite = asNumber(usage['cache_creation_input_tokens']) ?? this.#cacheWrite;
    this.#thinking =
      asNumber(asRecord(usage['output_tokens_details'])?.['thinking_tokens']) ?? this.#thinking;
  }

  /** In the one convention of {@link Usage}: the vendor's own input leaves out what was read from and written to the cache. */
  toUsage(): Usage | null {
    if (this.#input === undefined && this.#output === undefined) return null;
    return {
      token_in: (this.#input ?? 0) + (this.#cacheRead ?? 0) + (this.#cacheWrite ?? 0),
      token_out: this.#output ?? 0,
      ...(this.#cacheRead === undefined ? {} : { token_cache_read: this.#cacheRead }),
      ...(this.#cacheWrite === undefined ? {} : { token_cache_write: this.#cacheWrite }),
      ...(this.#thinking === undefined ? {} : { token_reasoning: this.#thinking }),
    };
  }
}
