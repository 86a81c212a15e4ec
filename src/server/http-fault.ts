import { KatamariError, type ErrorCode, type KatamariErrorOptions } from '../errors.ts';

/** Options of an {@link HttpFault}. */
interface HttpFaultOptions extends KatamariErrorOptions {
  /** Headers of the answer besides the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The place in the body that is wrong. */
  readonly param?: string | undefined;
}

/** A request that the server itself refuses: its status is known, where that of other errors follows from their code. */
export class HttpFault extends KatamariError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The place in the body that is wrong, where one is. */
  readonly param: string | undefined;

  constructor(status: number, code: ErrorCode, message: string, options: HttpFaultOptions = {}) {
    super(code, message, options);
    this.status = status;
    this.headers = options.headers ?? {};
    this.param = options.param;
  }
}

/** Refuses for now: the client may come back after the time that is given, in milliseconds. */
export function comeBack(status: 429 | 503, code: ErrorCode, message: string, waitMs: number): HttpFault {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new HttpFault(status, code, message, {
    retryable: true,
    headers: { 'retry-after': String(seconds) },
  });
}
