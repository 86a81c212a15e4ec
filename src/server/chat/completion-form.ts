import type { FinishReason, RunMetrics } from '../../event.ts';
import type { ToolCall } from '../../message.ts';
import type { RunResult } from '../../run.ts';
import { HttpFault } from '../http-fault.ts';

/** What the parts of one completion have in common. */
export interface CompletionHead {
  readonly id: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly created: number;
  /** As it was asked for. */
  readonly model: string;
}

const FINISH: Partial<Readonly<Record<FinishReason, string>>> = {
  length: 'length',
  limit: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
};

/** Why it ended, in OpenAI's words. @throws HttpFault 499 for a run that was stopped: its text must not look like an answer */
export function finishReasonOf(reason: FinishReason): string {
  if (reason === 'aborted')
    throw new HttpFault(499, 'aborted', 'The run was stopped before its answer was whole.');
  return FINISH[reason] ?? 'stop';
}

/** What was billed, over all calls and attempts of the run: a reflection's draft and critique, too. */
export function usageOf({ token_in, token_out, token_cache_read, token_reasoning }: RunMetrics) {
  return {
    prompt_tokens: token_in,
    completion_tokens: token_out,
    total_tokens: token_in + token_out,
    prompt_tokens_details: { cached_tokens: token_cache_read },
    completion_tokens_details: { reasoning_tokens: token_reasoning },
  };
}

/** Calls of tools as OpenAI writes them. */
export function toolCallsOf(calls: readonly ToolCall[]) {
  return calls.map(({ id, name, arguments: json }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: json },
  }));
}

/** A whole completion. @throws HttpFault 499 for a run that was stopped */
export function completionOf(head: CompletionHead, result: RunResult) {
  const { text, toolCalls, finishReason, metrics } = result;
  const message = {
    role: 'assistant' as const,
    content: text === '' && toolCalls.length > 0 ? null : text,
    refusal: null,
    ...(toolCalls.length > 0 && { tool_calls: toolCallsOf(toolCalls) }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReasonOf(finishReason) };
  return { ...head, object: 'chat.completion' as const, choices: [choice], usage: usageOf(metrics) };
}
