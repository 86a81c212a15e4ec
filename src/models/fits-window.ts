import { KatamariError } from '../errors.ts';
import type { ModelEntry } from './model-entry.ts';

/** Whether a request fits a model's window. */
export interface WindowFit {
  /** `null` where the model's window is not known. */
  readonly fits: boolean | null;
  /** The model's window in tokens, `null` where it is not known. */
  readonly contextWindow: number | null;
  /** Prompt and reserved answer together, in tokens. */
  readonly needed: number;
}

/**
 * Whether a prompt and the answer that is reserved for it fit: together in the window, the prompt in `maxInput`, the answer in
 * `maxOutput`, as far as these are known.
 *
 * @param tokensIn - the whole prompt, in tokens
 * @param maxOutputTokens - what is reserved for the answer, in tokens; nothing where it is left out
 * @throws KatamariError `invalid-input` where a count is no number of 0 or more
 */
export function fitsWindow(entry: ModelEntry, tokensIn: number, maxOutputTokens = 0): WindowFit {
  requireCount('tokensIn', tokensIn);
  requireCount('maxOutputTokens', maxOutputTokens);
  const { contextWindow, maxInput = Infinity } = entry;
  const needed = tokensIn + maxOutputTokens;
  if (tokensIn > maxInput || maxOutputTokens > (entry.maxOutput ?? Infinity)) {
    return { fits: false, contextWindow, needed };
  }
  return { fits: contextWindow === null ? null : needed <= contextWindow, contextWindow, needed };
}

function requireCount(name: string, count: number): void {
  if (Number.isFinite(count) && count >= 0) return;
  throw new KatamariError('invalid-input', `${name} is ${count}. Give a number of tokens, 0 or more.`);
}
