import type { IssueEvent, MessageFate } from '../event.ts';
import type { Message } from '../message.ts';
import type { FactRetention } from './retention/fact-retention.ts';

/** Something about a trim that a person should know. */
export type TrimIssue = Pick<IssueEvent, 'code' | 'severity' | 'message'>;

/** What a trim did. Plain JSON. */
export interface TrimReport {
  readonly strategy: string;
  /** The budget of the whole request, in tokens. */
  readonly targetTokens: number;
  /** The size of the whole request before, in tokens. */
  readonly tokensBefore: number;
  /** Its size after, in tokens. */
  readonly tokensAfter: number;
  /** True where one of the two is not a count with the model's own tokenizer. */
  readonly estimated: boolean;
  /** What is left of the facts, measured when it is first read; `null` when it is not to be measured. */
  readonly facts: FactRetention | null;
  /** What became of every message, in the order of the history. */
  readonly messages: readonly MessageFate[];
  readonly issues: readonly TrimIssue[];
}

/** A history inside its budget. */
export interface TrimResult {
  /** What stays, in order. The very array that was given when nothing had to go. */
  readonly messages: readonly Message[];
  /** False when nothing had to go. */
  readonly changed: boolean;
  readonly report: TrimReport;
}
