import type { FinishReason } from '../../event.ts';

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  model_length: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  safety: 'content-filter',
  sensitive: 'content-filter',
  recitation: 'content-filter',
  refusal: 'refusal',
};

/** Reasons that are failures of the host: the answer is not whole, whatever stands in it. */
const failures: ReadonlySet<string> = new Set([
  'error',
  'abort',
  'network_error',
  'insufficient_system_resource',
  'engine_overloaded',
]);

/** A host's reason in the one vocabulary; `unknown` for a word that is not known. */
export function toFinishReason(vendorReason: string): FinishReason {
  return reasons[vendorReason.toLowerCase()] ?? 'unknown';
}

/** Whether the reason says that the host failed. */
export function isFailure(vendorReason: string): boolean {
  return failures.has(vendorReason.toLowerCase());
}
