// The log through pino: a record per run, per failed attempt and per trim, each matching the schema; no message text stands in them.
import { Chain, ProviderError, requestLog, trim } from 'katamari';
import { logRecordSchema } from 'katamari/log';
import { scriptedProvider } from 'katamari/testing';
import pino from 'pino';

const lines: string[] = [];
// The records have a name and a time of their own.
const logger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
const error = new ProviderError('overloaded', 'Too many requests at once.', { retryable: true });
const provider = scriptedProvider([{ error }, 'Your parcel left the depot at noon.'], {
  retry: { baseDelayMs: 10 },
});

const chain = new Chain({ provider, name: 'support', observers: [requestLog(logger)] }).use(
  trim({ targetTokens: 512 }),
);
await chain
  .stream({ messages: [{ role: 'user', content: 'Where is my parcel? 荷物はどこですか。' }] })
  .result();

for (const line of lines) {
  const record = logRecordSchema.parse(JSON.parse(line));
  if (record.name === 'katamari.retry')
    console.log(record.name, record.error_code, `retryable: ${record.retryable}`);
  else console.log(record.name, `token_in: ${record.token_in}`, `compress_ratio: ${record.compress_ratio}`);
}
