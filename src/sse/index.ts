/**
 * Chain events over server-sent events, both ways, and runs that outlive the connection of their reader.
 *
 * @module
 */
export { connect, type ConnectOptions } from './connect.ts';
export type { EventBatch, EventLog, EventLogWriter, ReadOptions, RunFailure } from './event-log.ts';
export type { HostableRun } from './hosted-run.ts';
export { memoryEventLog, type MemoryEventLogOptions } from './memory-event-log.ts';
export type { SendableRun, SSESource } from './number-events.ts';
export { readSSE, type ReadSSEOptions } from './read-sse.ts';
export { requestIds, type RequestIds } from './request-ids.ts';
export { toRunFailure } from './run-failure.ts';
export { RunHost, type RunHostOptions } from './run-host.ts';
export { toSSE, type SSEOptions } from './to-sse.ts';
export { toSSEResponse, type SSEResponseOptions } from './to-sse-response.ts';
