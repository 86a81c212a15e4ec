import { logRecordSchema } from '../log-schema.ts';
import type { LogRecord } from '../records.ts';
import { LogAccount } from './log-account.ts';
import type { MetricsSummary } from './metrics-summary.ts';

/**
 * What the records in a log add up to. Lines of others are counted and passed over; so are broken records, such as a last line that is not
 * written whole yet. What a collector puts in front of the JSON is allowed. Reads as it goes, in bounded memory: percentiles are exact up to
 * 65,535 values each, and within 1 % from there on.
 *
 * @param lines - of the log, without their line feeds
 */
export async function summariseLog(lines: Iterable<string> | AsyncIterable<string>): Promise<MetricsSummary> {
  const account = new LogAccount();
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const record = readRecord(line);
    if (typeof record === 'string') account.skip(record);
    else account.add(record);
  }
  return account.summary();
}

function readRecord(line: string): LogRecord | 'other' | 'malformed' {
  if (!line.includes('"katamari.')) return 'other';
  const parsed = logRecordSchema.safeParse(parseJson(line.slice(line.indexOf('{'))));
  return parsed.success ? (parsed.data as LogRecord) : 'malformed';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
