import { writeFileSync } from 'node:fs';

import { personaJsonSchema } from '../src/persona/persona-schema.ts';

/* Writes the JSON Schema that editors check persona files with: npx node --conditions=@katamari/source tools/write-persona-schema.ts */
const file = new URL('../personas/persona.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(personaJsonSchema(), null, 2)}\n`);
