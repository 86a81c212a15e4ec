import type { ErrorCode } from '../errors.ts';

/** What is known of a failure. */
export interface FailureFacts {
  /** HTTP status, of the answer or as the body names it. */
  readonly status: number | undefined;
  /** The vendor's words: code, type, status, reasons. */
  readonly words: readonly string[];
  readonly message: string;
}

/**
 * Vendor words that say more than the status does; the first that matches decides. Quota stands before rate limits, because vendors answer
 * both with 429 and only one of them passes by waiting.
 */
const byWord: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /^(context_length_exceeded|exceed_context_size_error|string_above_max_length|request_too_large)$/i,
    'context-overflow',
  ],
  [
    /^(insufficient_quota|insufficient_user_quota|exceeded_current_quota_error|billing_.*|credit_.*|arrearage|spend_limit.*)$/i,
    'quota',
  ],
  [/PerDay/, 'quota'],
  [
    /^(content_filter|content_policy_violation|ResponsibleAIPolicyViolation|data_?inspection_?failed)$/i,
    'content-filter',
  ],
  [
    /^(invalid_api_key|API_KEY_INVALID|invalid_authentication.*|authentication_error|UNAUTHENTICATED|AuthenticationError)$/i,
    'authentication',
  ],
  [/^(permission_error|permission_denied|PERMISSION_DENIED|access_terminated_error)$/, 'permission'],
  [
    /^(model_not_found|not_found_error|not_found|NOT_FOUND|NotFoundError|resource_not_found_error)$/,
    'not-found',
  ],
  [
    /^(overloaded_error|overloaded|engine_overloaded.*|UNAVAILABLE|capacity_exceeded|service_unavailable)$/,
    'overloaded',
  ],
  [
    /^(rate_limit.*|RateLimitError|RESOURCE_EXHAUSTED|too_many_requests|tokens|requests|limit_requests|throttling.*)$/i,
    'rate-limited',
  ],
  [/^(timeout|timeout_error|request_timeout|DEADLINE_EXCEEDED)$/, 'timeout'],
  [
    /^(invalid_request_error|invalid_request|invalid-argument|INVALID_ARGUMENT|FAILED_PRECONDITION|BadRequestError|invalid_prompt)$/,
    'bad-request',
  ],
  [
    /^(server_error|api_error|internal_.*|InternalServerError|INTERNAL|CANCELLED|ABORTED|UNKNOWN)$/i,
    'server',
  ],
];

/** The vendors' sentences for a prompt that is too long. */
const overflowText = new RegExp(
  [
    'maximum context length',
    'context (?:length|window|size) (?:is |was |has been )?(?:exceeded|overflow)',
    'exceed(?:s|ed)? (?:the |your |this )?(?:available |maximum |model(?:.s)? )*context',
    '(?:prompt|input|request) (?:is |was )?too (?:long|large)',
    'request too large for',
    'input (?:token count|length).{0,60}exceed',
    'too many (?:input )?tokens',
    'reduce the length of',
    'larger than the (?:maximum )?context',
    'maximum prompt length',
    'range of input length should be',
  ].join('|'),
  'i',
);
const quotaText =
  /insufficient (?:balance|credit|funds|quota)|credit balance is too low|out of credits|requires more credits/i;
const keyText =
  /(?:invalid|incorrect|wrong|missing|no) api[- _]?key|api[- _]?key (?:not valid|is (?:invalid|missing|not valid))/i;

/** Sorts a failure into the one vocabulary, by the vendor's words first, then by its sentences, then by status. */
export function classifyError({ status, words, message }: FailureFacts): ErrorCode {
  const fromWords = codeOfWords(words);
  // Sentences are read only where nothing points at something more definite.
  const vague =
    fromWords === undefined ||
    fromWords === 'bad-request' ||
    fromWords === 'rate-limited' ||
    fromWords === 'server';
  if (vague && status !== 401 && status !== 403 && overflowText.test(message)) return 'context-overflow';
  if (status === 402 || (vague && quotaText.test(message))) return 'quota';
  if (vague && (status === 400 || status === 403) && keyText.test(message)) return 'authentication';
  const fromStatus = status === undefined ? undefined : codeOfStatus(status);
  // A type as general as `invalid_request_error` also stands on 401, 404 and 429.
  const general = fromWords === undefined || fromWords === 'bad-request' || fromWords === 'server';
  return (general ? (fromStatus ?? fromWords) : fromWords) ?? 'unknown';
}

/** Whether another try may mend it: the statuses that say so, and where there is no status the kind of failure. */
export function isRetryable(code: ErrorCode, status: number | undefined): boolean {
  if (code === 'rate-limited' || code === 'overloaded' || code === 'server' || code === 'timeout') {
    return status === undefined || status >= 500 || retryableStatus.has(status);
  }
  return code === 'unknown' && status === undefined;
}

/** 498 and 499 are what Groq and Google say when they gave the request up themselves. */
const retryableStatus = new Set([408, 409, 425, 429, 498, 499]);

function codeOfWords(words: readonly string[]): ErrorCode | undefined {
  for (const [pattern, code] of byWord) {
    if (words.some((word) => pattern.test(word))) return code;
  }
  return undefined;
}

function codeOfStatus(status: number): ErrorCode | undefined {
  if (status === 401) return 'authentication';
  if (status === 402) return 'quota';
  if (status === 403) return 'permission';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 408 || status === 504 || status === 524) return 'timeout';
  if (status === 409 || status === 425 || status === 499) return 'server';
  if (status === 413) return 'context-overflow';
  if (status === 429) return 'rate-limited';
  if (status === 498 || status === 503 || status === 529) return 'overloaded';
  if (status >= 500) return 'server';
  return status >= 400 ? 'bad-request' : undefined;
}
