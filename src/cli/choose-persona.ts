import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';

import { KatamariError } from '../errors.ts';
import { loadPersona } from '../node/load-persona.ts';
import { ownPath } from '../node/own-path.ts';
import type { Persona } from '../persona/persona.ts';

/**
 * A persona by its name among those of the package, or by a file.
 *
 * @throws PersonaError when the file is no persona; KatamariError code `invalid-input` when there is none of the name
 */
export async function choosePersona(name: string): Promise<Persona> {
  if (/[./\\]/.test(name)) return loadPersona(name);
  const files = await readdir(ownPath('personas'));
  const file = files.find((candidate) => parse(candidate).name === name);
  if (file !== undefined) return loadPersona(ownPath(`personas/${file}`));
  const names = files
    .filter((candidate) => /\.ya?ml$/.test(candidate))
    .map((candidate) => parse(candidate).name);
  throw new KatamariError(
    'invalid-input',
    `There is no persona «${name}». Name a file (./${name}.yaml) or one of ${names.toSorted().join(', ')}.`,
  );
}
