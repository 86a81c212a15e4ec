import type { RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { MessageHashes } from './message-hashes.ts';

/** The fingerprint and size of a whole history, before it was trimmed. Plain JSON. */
export interface WholePrompt {
  readonly count: number;
  readonly hash: string;
  /** In tokens. */
  readonly tokens: number;
}

/** A prompt, and how much of its beginning is that of the call before, both in tokens. */
export interface PromptSize {
  readonly tokens: number;
  readonly cached: number;
}

/** What is kept of a history before the trim, to know later what the cache would hold of it. */
export function wholePrompt(
  { messages, tools = [] }: ChatRequest,
  tokens: number,
  hashes: MessageHashes,
): WholePrompt {
  return {
    count: messages.length,
    hash: hashes.of(messages, messages.length, JSON.stringify(tools)),
    tokens,
  };
}

/** How much of an untrimmed prompt would be that of the call before, in tokens; `undefined` where that had another beginning. */
export function untrimmedPrefix(
  { messages, tools = [] }: ChatRequest,
  before: WholePrompt | undefined,
  hashes: MessageHashes,
): number | undefined {
  if (before === undefined || before.count > messages.length) return undefined;
  return hashes.of(messages, before.count, JSON.stringify(tools)) === before.hash ? before.tokens : undefined;
}

/**
 * What a trimmed prompt costs more than the untrimmed one, in USD: below zero, the trim is cheaper.
 *
 *   (kept prefix × cache-read price + the rest × input price) − (previous prompt × cache-read price + the rest × input price)
 *
 * The first bracket is the trimmed prompt, the second the whole history, all of which was in the prompt before. A provider's smallest
 * cacheable length, and what it takes for writing to the cache, are left out of both.
 *
 * @returns `null` where a price is not known; `undefined` where the chain prices nothing
 */
export function costDelta(
  { price, provider }: Pick<RunContext, 'price' | 'provider'>,
  model: string,
  { trimmed, whole }: { readonly trimmed: PromptSize; readonly whole: PromptSize },
): number | null | undefined {
  if (price === undefined) return undefined;
  const costOf = ({ tokens, cached }: PromptSize): number | null =>
    price(
      { token_in: tokens, token_out: 0, token_cache_read: Math.min(cached, tokens) },
      { provider: provider.name, model },
    );
  const [cut, without] = [costOf(trimmed), costOf(whole)];
  return cut === null || without === null ? null : cut - without;
}
