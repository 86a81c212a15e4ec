/** What the server refused, or that it could not be reached (`connection`). */
export class ApiError extends Error {
  readonly code: string;
  /** Where in a persona's YAML, from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly field: string | undefined;
  /** What a budget would have to be at least, in tokens. */
  readonly neededTokens: number | undefined;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.line = numberIn(details, 'line');
    this.column = numberIn(details, 'column');
    this.field = typeof details['field'] === 'string' ? details['field'] : undefined;
    this.neededTokens = numberIn(details, 'neededTokens');
  }
}

function numberIn(details: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = details[name];
  return typeof value === 'number' ? value : undefined;
}
