import type { ErrorCode } from '../errors.ts';
import type { AttemptEndEvent, CallMetrics, HistoryTrimEvent, TrimMetrics } from '../event.ts';
import type { RunRecord } from '../observer.ts';

/** How a run went. Field names are those of the specification; no message text, no key and no header stands in it. */
export interface RequestLogRecord {
  readonly name: 'katamari.request';
  /** When the run began, ISO 8601 in UTC. */
  readonly time: string;
  readonly req_id: string;
  readonly chain: string;
  readonly steps: readonly string[];
  readonly provider: string;
  readonly model: string;
  readonly is_language_model: boolean;
  /** The persona's name, `null` without one. */
  readonly persona: string | null;
  /** The hash of the persona's text, `null` without one. */
  readonly persona_hash: string | null;
  /** What the persona says its version is, `null` where it says nothing. */
  readonly persona_version: string | null;
  readonly status: RunRecord['status'];
  readonly finish_reason: string;
  readonly error_code: string | null;
  readonly token_in: number;
  readonly token_out: number;
  /** In USD; `null` where it is not known, or nothing is priced. */
  readonly cost_usd: number | null;
  readonly compress_ratio: number;
  readonly semantic_retention: number | null;
  readonly fact_retention: number | null;
  readonly step_latency_ms: readonly { readonly step: string; readonly latency_ms: number }[];
  readonly latency_ms: number;
  readonly first_token_ms: number | null;
  readonly retryable: boolean | null;
  readonly estimated: boolean;
  readonly calls: number;
  readonly attempts: number;
  /** The limit of the run that ended it or kept a call from being made; `null` where none did. */
  readonly stopped_by: string | null;
}

/** An attempt that failed. The last one of a call that is given up says `retryable: false`. */
export interface RetryLogRecord {
  readonly name: 'katamari.retry';
  /** When it failed, ISO 8601 in UTC. */
  readonly time: string;
  readonly req_id: string;
  readonly phase: string;
  /** Number of the model call in the run, from 1. */
  readonly call: number;
  /** Number of the try, from 1. */
  readonly attempt: number;
  readonly provider: string;
  readonly model: string;
  readonly error_code: ErrorCode;
  /** Whether another attempt follows. */
  readonly retryable: boolean;
  /** Whether the error itself is of a kind that another try may mend. */
  readonly error_retryable: boolean;
  /** Milliseconds until the next attempt, `null` where none follows. */
  readonly delay_ms: number | null;
  /** Whether the provider may have run and billed the request all the same. */
  readonly maybe_accepted: boolean;
  /** Whether text of this attempt was shown and is now void. */
  readonly superseded: boolean;
  /** Duration of the attempt, in milliseconds. */
  readonly latency_ms: number;
}

/** What a trim did. */
export interface TrimLogRecord {
  readonly name: 'katamari.trim';
  /** When it was done, ISO 8601 in UTC. */
  readonly time: string;
  readonly req_id: string;
  readonly strategy: string;
  readonly target_tokens: number;
  /** Tokens of the whole request before. */
  readonly token_in: number;
  /** Tokens of the whole request after. */
  readonly token_out: number;
  readonly compress_ratio: number;
  readonly semantic_retention: number | null;
  readonly retention_method: string | null;
  readonly fact_retention: number | null;
  /** How many messages there were. */
  readonly messages: number;
  /** How many of them were dropped. */
  readonly dropped: number;
  /** How many of them were shortened. */
  readonly shortened: number;
  readonly cache_prefix_tokens: number | null;
  readonly cost_delta_usd: number | null;
  /** Duration of the trim, in milliseconds. */
  readonly latency_ms: number;
  readonly estimated: boolean;
  readonly count_error: number | null;
}

/** One line of the log. */
export type LogRecord = RequestLogRecord | RetryLogRecord | TrimLogRecord;

/** The record of a run that has ended. */
export function requestRecord({ metrics, ...run }: RunRecord): RequestLogRecord {
  const { persona = null, persona_hash = null, persona_version = null } = run.labels;
  return {
    name: 'katamari.request',
    time: new Date(run.time).toISOString(),
    req_id: run.req_id,
    chain: run.chain,
    steps: run.steps,
    provider: run.provider,
    model: run.model,
    is_language_model: run.isLanguageModel,
    persona,
    persona_hash,
    persona_version,
    status: run.status,
    finish_reason: run.finishReason,
    error_code: run.errorCode,
    token_in: metrics.token_in,
    token_out: metrics.token_out,
    cost_usd: metrics.cost_usd ?? null,
    compress_ratio: metrics.compress_ratio,
    semantic_retention: metrics.semantic_retention,
    fact_retention: metrics.fact_retention,
    step_latency_ms: metrics.step_latency_ms,
    latency_ms: metrics.latency_ms,
    first_token_ms: metrics.first_token_ms,
    retryable: metrics.retryable,
    estimated: metrics.estimated,
    calls: metrics.calls,
    attempts: metrics.attempts,
    stopped_by: metrics.stopped_by ?? null,
  };
}

/** The record of an attempt that has failed. The error's message stays out: a vendor may have written anything into it. */
export function retryRecord(end: AttemptEndEvent, call: CallMetrics): RetryLogRecord {
  return {
    name: 'katamari.retry',
    time: new Date().toISOString(),
    req_id: end.req_id,
    phase: end.phase,
    call: end.call,
    attempt: end.attempt,
    provider: call.provider,
    model: call.model,
    error_code: end.error?.code ?? 'unknown',
    retryable: end.delayMs !== null,
    error_retryable: end.retryable === true,
    delay_ms: end.delayMs,
    maybe_accepted: end.error?.maybeAccepted === true,
    superseded: end.superseded,
    latency_ms: call.step_latency_ms,
  };
}

/** The record of a trim. */
export function trimRecord(trim: HistoryTrimEvent, figures: TrimMetrics): TrimLogRecord {
  const count = (fate: string): number => trim.messages.filter((message) => message.fate === fate).length;
  return {
    name: 'katamari.trim',
    time: new Date().toISOString(),
    req_id: trim.req_id,
    strategy: trim.strategy,
    target_tokens: trim.targetTokens,
    token_in: figures.token_in,
    token_out: figures.token_out,
    compress_ratio: figures.compress_ratio,
    semantic_retention: figures.semantic_retention,
    retention_method: figures.retention_method ?? null,
    fact_retention: figures.fact_retention ?? null,
    messages: trim.messages.length,
    dropped: count('dropped'),
    shortened: count('shortened'),
    cache_prefix_tokens: figures.cache_prefix_tokens ?? null,
    cost_delta_usd: figures.cost_delta_usd ?? null,
    latency_ms: figures.step_latency_ms,
    estimated: figures.estimated,
    count_error: figures.count_error ?? null,
  };
}
