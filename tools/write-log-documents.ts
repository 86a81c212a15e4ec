import { readFileSync, writeFileSync } from 'node:fs';

import { logSchemaFile, withLogTables } from './log-documents/log-documents.ts';

/* Writes what is known of the log's records: npx node --conditions=@katamari/source tools/write-log-documents.ts */
const guide = new URL('../docs/guides/telemetry.md', import.meta.url);
writeFileSync(guide, withLogTables(readFileSync(guide, 'utf8')));
writeFileSync(new URL('../docs/ops/log.schema.json', import.meta.url), logSchemaFile());
