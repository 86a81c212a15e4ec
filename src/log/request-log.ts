import type { AttemptEndEvent, ChainEvent, HistoryTrimEvent, MetricsEvent } from '../event.ts';
import type { Observer } from '../observer.ts';
import { requestRecord, retryRecord, trimRecord, type LogRecord } from './records.ts';

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

/** Options of {@link requestLog}. */
export interface RequestLogOptions {
  /** Which records are written, for example `['katamari.request']`. @defaultValue all */
  readonly records?: readonly LogRecord['name'][];
}

/**
 * Writes a `katamari.request` record per run, a `katamari.retry` per failed attempt and a `katamari.trim` per trim, to a logger with `.info`
 * (pino's shape) or, as a JSON line, to a stream with `.write`. `katamari/log` has the records' schema.
 *
 * @example new Chain({ provider, observers: [requestLog(process.stderr)] })
 */
export function requestLog(target: RecordLogger | LineWriter, { records }: RequestLogOptions = {}): Observer {
  const open = new Map<string, Halves>();
  const write = (record: LogRecord): void => {
    if (records?.includes(record.name) === false) return;
    if ('info' in target) target.info(record, record.name);
    else target.write(`${JSON.stringify(record)}\n`);
  };
  return {
    events(batch) {
      for (const event of batch) {
        const record = recordOf(event, open);
        if (record !== undefined) write(record);
      }
    },
    end(run) {
      open.delete(run.req_id);
      write(requestRecord(run));
    },
  };
}

/** What has been told of a run and waits for the figures that follow it. */
interface Halves {
  readonly ends: Map<string, AttemptEndEvent>;
  trim?: HistoryTrimEvent;
}

function recordOf(event: ChainEvent, open: Map<string, Halves>): LogRecord | undefined {
  // Nearly all events are tokens, and nothing is to be read from them.
  if (event.type === 'token') return undefined;
  if (event.type === 'metrics') return recordOfMetrics(event, open.get(event.req_id));
  if (event.type === 'history-trim') halvesOf(event.req_id, open).trim = event;
  else if (event.type === 'attempt-end' && event.outcome === 'failed')
    halvesOf(event.req_id, open).ends.set(`${event.call}.${event.attempt}`, event);
  return undefined;
}

function recordOfMetrics(event: MetricsEvent, halves: Halves | undefined): LogRecord | undefined {
  if (halves === undefined || event.scope === 'run') return undefined;
  if (event.scope === 'trim') return halves.trim && trimRecord(halves.trim, event);
  const key = `${event.call}.${event.attempt}`;
  const end = halves.ends.get(key);
  halves.ends.delete(key);
  return end && retryRecord(end, event);
}

function halvesOf(req_id: string, open: Map<string, Halves>): Halves {
  const halves = open.get(req_id) ?? { ends: new Map() };
  open.set(req_id, halves);
  return halves;
}
