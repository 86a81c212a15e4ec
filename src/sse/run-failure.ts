import { isKatamariError, KatamariError } from '../errors.ts';
import { redact } from '../wire/redact.ts';
import type { RunFailure } from './event-log.ts';

/** Longest message that crosses, in UTF-16 units. */
const MAX_MESSAGE = 2000;

/**
 * What may cross to a stranger of an error: code and message of katamari's own, which are made to be shown, and of any other error nothing
 * but that there was one. No stack, no cause.
 */
export function toRunFailure(error: unknown): RunFailure {
  if (!isKatamariError(error)) {
    return {
      code: 'unknown',
      message: 'The run failed by an error of the program that runs it.',
      retryable: false,
    };
  }
  const { code, message, retryable } = error;
  return { code, message: redact(message).slice(0, MAX_MESSAGE), retryable };
}

/** The error that the reader of a failed run gets. */
export function toRunError({ code, message, retryable }: RunFailure): KatamariError {
  return new KatamariError(code, message, { retryable });
}
