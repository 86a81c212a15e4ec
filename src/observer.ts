import type { ErrorCode } from './errors.ts';
import type { ChainEvent, FinishReason, RunMetrics } from './event.ts';

/** How a run went, in one record: what a log line, a dashboard or a bill needs. Holds no message text. */
export interface RunRecord {
  readonly req_id: string;
  readonly chain: string;
  readonly steps: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly model: string;
  readonly isLanguageModel: boolean;
  /** When the run began, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  readonly status: 'completed' | 'aborted' | 'failed';
  readonly finishReason: FinishReason;
  /** The code of the error that ended the run, `null` where none did; `unknown` for an error that is not katamari's. */
  readonly errorCode: ErrorCode | null;
  readonly metrics: RunMetrics;
}

/**
 * Watches runs from outside, without being able to change them. What it throws is turned into an `issue` event: a failing log never
 * costs an answer.
 */
export interface Observer {
  /** Every batch of events, in order, before the consumer sees it. */
  events?(batch: readonly ChainEvent[]): void;
  /** Once per started run, at its end. */
  end?(record: RunRecord): void;
}
