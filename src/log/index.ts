/**
 * The log's records: their schema, and what a log or a page of metrics adds up to. Writing them is `requestLog` of `katamari`.
 *
 * @module
 */
export {
  logJsonSchema,
  logRecordSchema,
  requestRecordSchema,
  retryRecordSchema,
  trimRecordSchema,
} from './log-schema.ts';
export type { LogRecord, RequestLogRecord, RetryLogRecord, TrimLogRecord } from './records.ts';
export { requestLog, type LineWriter, type RecordLogger, type RequestLogOptions } from './request-log.ts';
export type {
  BudgetCheck,
  Distribution,
  MetricsSummary,
  StreamSummary,
  TrimSummary,
} from './summary/metrics-summary.ts';
export { renderSummary } from './summary/render-summary.ts';
export { summariseLog } from './summary/summarise-log.ts';
export { summarisePage, type SummarisePageOptions } from './summary/summarise-page.ts';
