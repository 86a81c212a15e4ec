import type {
  LogRecord,
  logRecordSchema,
  RequestLogRecord,
  RetryLogRecord,
  TrimLogRecord,
} from 'katamari/log';
import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';

type Parsed = z.infer<typeof logRecordSchema>;

describe('the schema of the log and its types', () => {
  it('have the same fields', () => {
    type Of<Name extends LogRecord['name']> = Extract<Parsed, { name: Name }>;
    expectTypeOf<keyof Of<'katamari.request'>>().toEqualTypeOf<keyof RequestLogRecord>();
    expectTypeOf<keyof Of<'katamari.retry'>>().toEqualTypeOf<keyof RetryLogRecord>();
    expectTypeOf<keyof Of<'katamari.trim'>>().toEqualTypeOf<keyof TrimLogRecord>();
  });

  it('agree on what a field holds', () => {
    expectTypeOf<TrimLogRecord>().toExtend<Extract<Parsed, { name: 'katamari.trim' }>>();
    expectTypeOf<RetryLogRecord>().toExtend<Extract<Parsed, { name: 'katamari.retry' }>>();
  });
});
