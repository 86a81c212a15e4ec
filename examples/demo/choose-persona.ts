import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Persona } from 'katamari';
import { loadPersona } from 'katamari/node';

const folder = new URL('../../personas/', import.meta.url);

/** A persona by its name in personas/, or by a file of one's own. */
export async function choosePersona(name: string): Promise<Persona> {
  const own = fileURLToPath(new URL(`${name}.yaml`, folder));
  return loadPersona(/^[a-z0-9-]+$/.test(name) && existsSync(own) ? own : name);
}
