import { isKatamariError } from '../../errors.ts';
import type { ErrorCode } from '../../errors.ts';
import { HttpFault } from '../http-fault.ts';
import { toErrorAnswer } from '../safe-error.ts';

/** An error as OpenAI's clients read it. */
export interface ChatError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** Where OpenAI has a word of its own; else the code is katamari's. */
const CODES: Partial<Readonly<Record<ErrorCode, string>>> = {
  'context-overflow': 'context_length_exceeded',
  'rate-limited': 'rate_limit_exceeded',
  'content-filter': 'content_filter',
  quota: 'insufficient_quota',
};

/** An error in OpenAI's words. */
export function toChatError(error: unknown): ChatError {
  const { status, error: safe } = toErrorAnswer(error);
  const param = error instanceof HttpFault ? (error.param ?? null) : null;
  return { error: { message: safe.message, type: typeOf(status), param, code: codeOf(safe.code, status) } };
}

/** OpenAI's clients repeat a request by its status alone, unless they are told. */
export function retryAdvice(error: unknown): Readonly<Record<string, string>> {
  return { 'x-should-retry': String(isKatamariError(error) && error.retryable) };
}

function typeOf(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function codeOf(code: ErrorCode, status: number): string {
  if (status === 401) return 'invalid_api_key';
  if (status === 404) return 'model_not_found';
  return CODES[code] ?? code.replaceAll('-', '_');
}
