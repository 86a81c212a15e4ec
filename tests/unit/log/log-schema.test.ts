import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import {
  logRecordSchema,
  requestLog,
  requestRecordSchema,
  retryRecordSchema,
  trimRecordSchema,
} from '../../../src/log/index.ts';
import { providerError, scriptedProvider } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';
import { logSchemaFile, withLogTables } from '../../../tools/log-documents/log-documents.ts';

const messages = [{ role: 'user', content: 'How long is the freeze? 凍結は何日間ですか。' }] as const;

describe('the schema of the log', () => {
  it('knows every field that is written, and no other', async () => {
    const records: { name: string }[] = [];
    const log = requestLog({ info: (record) => records.push(record as { name: string }) });
    const provider = scriptedProvider([{ error: providerError() }, 'ok'], { retry: { baseDelayMs: 0 } });
    const chain = new Chain({ provider, observers: [log], price: () => null }).use(
      trim({ targetTokens: 500 }),
    );
    await chain.stream({ messages }).result();
    expect(records.map(({ name }) => name)).toEqual(['katamari.trim', 'katamari.retry', 'katamari.request']);
    const strict = [trimRecordSchema, retryRecordSchema, requestRecordSchema].map((schema) =>
      schema.strict(),
    );
    for (const [index, schema] of strict.entries()) expect(() => schema.parse(records[index])).not.toThrow();
  });

  it('refuses what is no record', () => {
    expect(logRecordSchema.safeParse({ name: 'katamari.request' }).success).toBe(false);
    expect(logRecordSchema.safeParse({ name: 'another', time: 'now' }).success).toBe(false);
  });

  it('is what docs/ops/log.schema.json says; else run tools/write-log-documents.ts', () => {
    expect(readFileSync('docs/ops/log.schema.json', 'utf8')).toBe(logSchemaFile());
  });

  it('is what the guide’s tables say; else run tools/write-log-documents.ts', () => {
    const guide = readFileSync('docs/guides/telemetry.md', 'utf8');
    expect(guide).toBe(withLogTables(guide));
  });
});
