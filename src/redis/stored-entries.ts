import { KatamariError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import type { EventBatch, RunFailure } from '../sse/event-log.ts';

/** An entry of a run's stream: events that were read together, or the end. The number of the first event is the entry's id. */
export type StoredEntry =
  | { readonly kind: 'events'; readonly batch: EventBatch }
  | { readonly kind: 'end'; readonly seq: number; readonly failure: RunFailure | null };

/** The fields of an entry with events. */
export function eventFields(events: readonly ChainEvent[]): string[] {
  return ['events', JSON.stringify(events)];
}

/** The fields of the entry that ends a run. */
export function endFields(failure: RunFailure | null): string[] {
  return ['end', JSON.stringify(failure)];
}

/** Reads the reply of XRANGE or XREVRANGE: `[[id, [field, value, …]], …]`. @throws KatamariError `malformed` */
export function readEntries(reply: unknown): readonly StoredEntry[] {
  if (reply === null) return [];
  if (!Array.isArray(reply)) throw malformed();
  return reply.map(readEntry);
}

/** Number of the last event that an entry holds, or stands behind. */
export function lastSeqOf(entry: StoredEntry): number {
  return entry.kind === 'end' ? entry.seq - 1 : entry.batch.seq + entry.batch.events.length - 1;
}

function readEntry(entry: unknown): StoredEntry {
  if (!Array.isArray(entry)) throw malformed();
  const [id, fields] = entry as readonly unknown[];
  const [name, value] = Array.isArray(fields) ? (fields as readonly unknown[]) : [];
  const seq = Number.parseInt(String(id), 10);
  const json = parse(String(value));
  if (!(seq > 0)) throw malformed();
  if (name === 'end') return { kind: 'end', seq, failure: failureOf(json) };
  if (name !== 'events' || !Array.isArray(json) || json.length === 0) throw malformed();
  return { kind: 'events', batch: { seq, events: json as ChainEvent[] } };
}

function failureOf(json: unknown): RunFailure | null {
  if (typeof json !== 'object' || json === null) return null;
  const { code, message, retryable } = json as Partial<RunFailure>;
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: typeof message === 'string' ? message : 'The run failed.',
    retryable: retryable === true,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed();
  }
}

function malformed(): KatamariError {
  return new KatamariError(
    'malformed',
    'The event log in Redis holds something that is no event. Does another program use the same prefix?',
  );
}
