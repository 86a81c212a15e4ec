import type { Usage } from '../../event.ts';
import { asNumber, asRecord } from '../json-record.ts';

/** Usage of one answer, told again with nearly every chunk: the last word on each number counts, a number that is left out stands. */
export class UsageAccount {
  #prompt: number | undefined;
  #toolUse: number | undefined;
  #answer: number | undefined;
  #thoughts: number | undefined;
  #cached: number | undefined;

  update(value: unknown): void {
    const usage = asRecord(value);
    if (usage === undefined) return;
    this.#prompt = asNumber(usage['promptTokenCount']) ?? this.#prompt;
    this.#toolUse = asNumber(usage['toolUsePromptTokenCount']) ?? this.#toolUse;
    this.#answer = asNumber(usage['candidatesTokenCount']) ?? this.#answer;
    this.#thoughts = asNumber(usage['thoughtsTokenCount']) ?? this.#thoughts;
    this.#cached = asNumber(usage['cachedContentTokenCount']) ?? this.#cached;
  }

  /** In the one convention of {@link Usage}: the vendor counts thoughts and the results of its own tools apart. */
  toUsage(): Usage | null {
    if (this.#prompt === undefined && this.#answer === undefined) return null;
    return {
      token_in: (this.#prompt ?? 0) + (this.#toolUse ?? 0),
      token_out: (this.#answer ?? 0) + (this.#thoughts ?? 0),
      ...(this.#cached === undefined ? {} : { token_cache_read: this.#cached }),
      ...(this.#thoughts === undefined ? {} : { token_reasoning: this.#thoughts }),
    };
  }
}
