import type { Observer, RunRecord } from '../observer.ts';

/** The shape of pino's logger, and of many others. */
export interface RecordLogger {
  /** Takes a record. */
  info(record: object, message?: string): void;
}

/** The shape of a Node stream, for logs of one JSON line a record. */
export interface LineWriter {
  /** Takes a line, with its line feed. */
  write(line: string): unknown;
}

/** One line of the request log. Field names are those of the specification; no message text, no key and no header stands in it. */
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

/**
 * Writes one `katamari.request` record per run, to a logger with `.info` (pino's shape) or, as a JSON line, to a stream with `.write`.
 *
 * @example new Chain({ provider, observers: [requestLog(process.stderr)] })
 */
export function requestLog(target: RecordLogger | LineWriter): Observer {
  return {
    end(run) {
      const record = toRecord(run);
      if ('info' in target) target.info(record, record.name);
      else target.write(`${JSON.stringify(record)}\n`);
    },
  };
}

function toRecord({ metrics, ...run }: RunRecord): RequestLogRecord {
  return {
    name: 'katamari.request',
    time: new Date(run.time).toISOString(),
    req_id: run.req_id,
    chain: run.chain,
    steps: run.steps,
    provider: run.provider,
    model: run.model,
    is_language_model: run.isLanguageModel,
    persona: run.labels['persona'] ?? null,
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
