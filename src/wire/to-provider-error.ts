import { ProviderError, type ErrorCode } from '../errors.ts';
import { classifyError, isRetryable } from './classify-error.ts';
import { redact } from './redact.ts';
import type { VendorError } from './vendor-error.ts';

/** What stands around an error body. */
export interface ErrorContext {
  /** The provider's name, for the message. */
  readonly provider: string;
  /** What must not appear in the message. */
  readonly secrets?: readonly string[];
  /** HTTP status of the answer; of a 2xx one it is left out. */
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  /** False where the provider itself says that another try is of no use. @defaultValue true */
  readonly mayRetry?: boolean;
}

/** Longest piece of a vendor's own text in a message, in UTF-16 units. */
const maxVendorText = 300;

const hints: Partial<Record<ErrorCode, string>> = {
  authentication: 'Check the API key.',
  permission: 'Check what the key is allowed to do.',
  'not-found': 'Check the name of the model and the base URL.',
  'context-overflow': 'Shorten the conversation, for example with a trim step.',
  quota: 'Check the plan and the balance of the account.',
};

/** Makes the error that katamari throws of what a vendor said: short, without secrets, with a hint where there is something to do. */
export function toProviderError(vendor: VendorError | null, context: ErrorContext): ProviderError {
  const { provider, secrets } = context;
  const status = context.status ?? vendor?.status;
  const words = vendor?.words ?? [];
  const text = vendor?.message ?? '';
  const code = classifyError({ status, words, message: text });
  const said = shorten(redact(text, secrets).replace(/\s+/g, ' ').trim());
  const parts = [
    `${provider} ${status === undefined ? 'reported an error' : `answered ${status}`}${said === '' ? '.' : `: ${said}`}`,
  ];
  const hint = hints[code];
  if (hint !== undefined) parts.push(hint);
  const word = words[0];
  return new ProviderError(code, parts.join(' '), {
    retryable: isRetryable(code, status) && (context.mayRetry ?? true),
    status,
    retryAfterMs: maxOf(context.retryAfterMs, vendor?.retryAfterMs),
    requestId: context.requestId ?? vendor?.requestId,
    vendorCode: word === undefined ? undefined : redact(word.slice(0, 100), secrets),
    maybeAccepted: mayBeAccepted(code, context.status),
  });
}

/** A refusal costs nothing; a server that broke, gave up, or failed after it had begun to answer may have billed. */
function mayBeAccepted(code: ErrorCode, status: number | undefined): boolean {
  if (status === undefined) return true;
  return code === 'server' || code === 'timeout';
}

function maxOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.max(a, b);
}

function shorten(text: string): string {
  const ended = text === '' || /[.!?。！？]$/u.test(text) ? text : `${text}.`;
  return ended.length <= maxVendorText
    ? ended
    : `${ended.slice(0, maxVendorText).replace(/\p{Surrogate}$/u, '')}…`;
}
