import { join } from 'node:path';

import { PersonaError } from '../errors.ts';
import type { Persona } from '../persona/persona.ts';
import { loadPersona } from './load-persona.ts';
import { yamlFiles } from './persona-folder.ts';

/**
 * Reads every `*.yaml` and `*.yml` file of a folder (not of the folders in it, and no hidden ones) as a persona.
 *
 * @returns the personas by name, in the order of their file names (by code unit); empty for a folder without such files
 * @throws PersonaError for the first file that is no persona, for a name that two files share, and when the folder can't be read
 */
export async function loadPersonas(folder: string): Promise<ReadonlyMap<string, Persona>> {
  const personas = new Map<string, Persona>();
  const files = new Map<string, string>();
  // One after another: of several bad files, the same one is named every time.
  for (const name of await yamlFiles(folder)) {
    const file = join(folder, name);
    const persona = await loadPersona(file);
    const other = files.get(persona.name);
    if (other !== undefined) {
      const message = `The name «${persona.name}» is taken by ${other} already. Names in a folder must differ.`;
      throw new PersonaError(message, { file, field: 'name' });
    }
    files.set(persona.name, file);
    personas.set(persona.name, persona);
  }
  return personas;
}
