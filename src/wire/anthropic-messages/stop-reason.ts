import type { FinishReason } from '../../event.ts';

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'refusal',
  // A server-side tool used up its rounds: the answer is to be sent back to go on. No word of the vocabulary says so.
  pause_turn: 'unknown',
};

/** The vendor's reason in the one vocabulary; `unknown` for a word that is not known. */
export function toFinishReason(stopReason: string): FinishReason {
  return reasons[stopReason] ?? 'unknown';
}
