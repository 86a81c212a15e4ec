import { BudgetImpossibleError, isKatamariError, PersonaError, ProviderError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { ERROR_STATUS } from './error-status.ts';
import { HttpFault } from './http-fault.ts';

/** What a client is told of an error. */
interface SafeError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** Place in a persona file, from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
  /** The lines around the place, with a mark. */
  readonly frame?: string;
  /** Of a budget that is too small, in tokens. */
  readonly targetTokens?: number;
  readonly neededTokens?: number;
}

/** An error as an answer: status, headers, and what may be said of it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: SafeError;
}

/** An error that is not of the family may hold anything, so that only its existence is told. */
const STRANGER: ErrorAnswer = {
  status: 500,
  headers: {},
  error: { code: 'unknown', message: 'The server failed. Its log holds the cause.', retryable: false },
};

/** What is answered for an error. Messages of the family hold no secret; of any other error nothing is told. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (!isKatamariError(error)) return STRANGER;
  const { code, message, retryable } = error;
  const safe = { code, message, retryable, ...placeOf(error), ...budgetOf(error) };
  if (error instanceof HttpFault) return { status: error.status, headers: error.headers, error: safe };
  return { status: ERROR_STATUS[code], headers: retryHeaders(error), error: safe };
}

function placeOf(error: unknown): Partial<SafeError> {
  if (!(error instanceof PersonaError)) return {};
  const { line, column, field, frame } = error;
  return {
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(field !== undefined && { field }),
    ...(frame !== undefined && { frame }),
  };
}

function budgetOf(error: unknown): Partial<SafeError> {
  if (!(error instanceof BudgetImpossibleError)) return {};
  return { targetTokens: error.targetTokens, neededTokens: error.neededTokens };
}

function retryHeaders(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ProviderError)) return {};
  const { retryAfterMs, code } = error;
  if (retryAfterMs !== undefined)
    return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
  return code === 'rate-limited' || code === 'overloaded' ? { 'retry-after': '5' } : {};
}

/** The body of an error answer. */
export function safeErrorBody(error: unknown, req_id: string): object {
  return { error: { ...toErrorAnswer(error).error, req_id } };
}

/** Whether an error is a matter between client, server and provider, so that its answer says all there is to say. */
export function isExpected(error: unknown): boolean {
  return (
    isKatamariError(error) &&
    error.code !== 'unknown' &&
    !(error instanceof HttpFault && error.cause !== undefined)
  );
}
