/**
 * What went wrong, in one word a program can switch on. The table in `docs/guides/errors.md` says what to do about each.
 */
export type ErrorCode =
  | 'invalid-input'
  | 'invalid-persona'
  | 'invalid-output'
  | 'budget-impossible'
  | 'limit-reached'
  | 'run-consumed'
  | 'aborted'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'gone'
  | 'bad-request'
  | 'context-overflow'
  | 'content-filter'
  | 'quota'
  | 'rate-limited'
  | 'overloaded'
  | 'server'
  | 'connection'
  | 'timeout'
  | 'truncated'
  | 'malformed'
  | 'empty-response'
  | 'unknown';

const brand: unique symbol = Symbol.for('katamari.error') as never;

/** Options common to every error of the family. */
export interface KatamariErrorOptions {
  /** Whether the same request may succeed if it is sent again. @defaultValue false */
  readonly retryable?: boolean;
  /** The error underneath, for a debugger. Never logged by katamari, since a vendor's error may hold headers. */
  readonly cause?: unknown;
}

/**
 * The one family of errors katamari throws. Messages say what to do; they never hold a key, a header or a whole request.
 * A program's own mistake inside a callback of its own is not wrapped: it is thrown as it is.
 */
export class KatamariError extends Error {
  /** What went wrong, for a program. */
  readonly code: ErrorCode;
  /** Whether the same request may succeed if it is sent again. */
  readonly retryable: boolean;
  /** @internal */
  readonly [brand] = true;

  constructor(code: ErrorCode, message: string, options: KatamariErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
  }

  /** What may stand in a log or cross a wire: no stack, no cause. */
  toJSON(): { name: string; code: ErrorCode; message: string; retryable: boolean } {
    return { name: this.name, code: this.code, message: this.message, retryable: this.retryable };
  }
}

/** Options of a {@link ProviderError}. */
export interface ProviderErrorOptions extends KatamariErrorOptions {
  /** HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** What the provider asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The provider's own id of the request, for its support desk. */
  readonly requestId?: string | undefined;
  /** The provider's own word for the error, for example `insufficient_quota`. */
  readonly vendorCode?: string | undefined;
  /** True where the provider may have accepted, run and billed the request although no answer arrived whole. @defaultValue false */
  readonly maybeAccepted?: boolean;
}

/** A provider refused, failed, fell silent or spoke garbage. */
export class ProviderError extends KatamariError {
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** What the provider asked to wait before the next try, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The provider's own id of the request. */
  readonly requestId: string | undefined;
  /** The provider's own word for the error. */
  readonly vendorCode: string | undefined;
  /** True where the request may have been run and billed although no answer arrived whole. */
  readonly maybeAccepted: boolean;

  constructor(code: ErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(code, message, options);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.requestId = options.requestId;
    this.vendorCode = options.vendorCode;
    this.maybeAccepted = options.maybeAccepted ?? false;
  }
}

/** What must stay (system, current turn, pinned, tools) is larger than the token budget: nothing was dropped, nothing was sent. */
export class BudgetImpossibleError extends KatamariError {
  /** The budget that was asked for, in tokens. */
  readonly targetTokens: number;
  /** What the protected part alone needs, in tokens. */
  readonly neededTokens: number;

  constructor(targetTokens: number, neededTokens: number, what: string) {
    super(
      'budget-impossible',
      `The budget is ${targetTokens} tokens, but ${what} alone need ${neededTokens}. ` +
        `Raise targetTokens to at least ${neededTokens}, or shorten them.`,
    );
    this.targetTokens = targetTokens;
    this.neededTokens = neededTokens;
  }
}

/** Where in a persona file something is wrong. Lines and columns count from 1. */
export interface PersonaErrorPlace {
  /** The file's name, where there is a file. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The field, for example `forbid[2]`. */
  readonly field?: string | undefined;
  /** The lines around the place, with a caret under it, to be shown under the message. */
  readonly frame?: string | undefined;
}

/** A persona cannot be read. Nothing is guessed: the message names the field, the line and what is expected there. */
export class PersonaError extends KatamariError {
  /** The file's name, where there is a file. */
  readonly file: string | undefined;
  /** Line in the file, from 1. */
  readonly line: number | undefined;
  /** Column in the line, from 1. */
  readonly column: number | undefined;
  /** The field, for example `forbid[2]`. */
  readonly field: string | undefined;
  /** The lines around the place, numbered, with a caret under it, where there is a text. Not part of the message. */
  readonly frame: string | undefined;

  constructor(message: string, place: PersonaErrorPlace = {}, options: KatamariErrorOptions = {}) {
    const { file, line, column } = place;
    const where = [file, line, column].filter((part) => part !== undefined).join(':');
    super('invalid-persona', where === '' ? message : `${where}: ${message}`, options);
    this.file = file;
    this.line = line;
    this.column = column;
    this.field = place.field;
    this.frame = place.frame;
  }
}

/** Tells katamari's errors from all others, also across two copies of the package. */
export function isKatamariError(error: unknown): error is KatamariError {
  return typeof error === 'object' && error !== null && brand in error;
}
