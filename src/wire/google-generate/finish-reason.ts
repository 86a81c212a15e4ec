import type { FinishReason } from '../../event.ts';

const reasons: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
};

/** Reasons that say the model wrote something the host could not read: another try often mends it. */
const failures: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'MALFORMED_RESPONSE',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MISSING_THOUGHT_SIGNATURE',
]);

/** The vendor's reason in the one vocabulary; `unknown` for a word that is not known. */
export function toFinishReason(vendorReason: string): FinishReason {
  return reasons[vendorReason] ?? 'unknown';
}

/** Whether the reason says that the answer is void. */
export function isFailure(vendorReason: string): boolean {
  return failures.has(vendorReason);
}
