// Writes docs/trim-account.md: `npx node --conditions=@katamari/source tools/write-trim-account.ts`. A test says when it must run.
import { writeFileSync } from 'node:fs';

import { trimAccount } from './trim-account.ts';

writeFileSync(new URL('../docs/trim-account.md', import.meta.url), await trimAccount());
