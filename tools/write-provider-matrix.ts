import { writeFileSync } from 'node:fs';

import { providerMatrix } from './provider-matrix/provider-matrix.ts';

/* Tries every provider and writes what came of it: npx node --conditions=@katamari/source tools/write-provider-matrix.ts */
writeFileSync(new URL('../docs/provider-matrix.md', import.meta.url), await providerMatrix());
