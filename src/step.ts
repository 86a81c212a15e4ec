import type { Generate } from './provider.ts';

/**
 * Where in the chain a step stands: `prompt` runs once per run and shapes the conversation; `plan` decides which model calls are
 * made; `call` is around every model call, innermost.
 */
export type Stage = 'prompt' | 'plan' | 'call';

/** An element of a chain. */
export interface Step {
  readonly name: string;
  readonly stage: Stage;
  /** What the step says of itself in `run-start` and in the log, for example `{ persona: 'concise-engineer' }`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Puts the step around what comes after it. Pure: called once per chain, with state only in what it returns. */
  wrap(next: Generate): Generate;
}
