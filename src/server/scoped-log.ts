import type { EventLog } from '../sse/event-log.ts';

/**
 * A client's part of a log: its runs are kept under names that nobody else can say. So a run belongs to the key that started it on every
 * host that shares the log, and two clients may give the same id without learning of one another.
 */
export function scopedLog(log: EventLog, client: string): EventLog {
  const scoped = (req_id: string): string => `${encodeURIComponent(client)}/${req_id}`;
  return {
    open: (req_id) => log.open(scoped(req_id)),
    read: (req_id, options) => log.read(scoped(req_id), options),
    requestStop: (req_id) => log.requestStop(scoped(req_id)),
  };
}
