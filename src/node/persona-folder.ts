import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

import { PersonaError } from '../errors.ts';
import type { Persona } from '../persona/persona.ts';
import { readPersona } from './load-persona.ts';
import { fileError } from './persona-file.ts';

/** A persona of a folder, and the text of its file. */
export interface FolderPersona {
  readonly persona: Persona;
  readonly yaml: string;
}

/** What is known of one file: a persona, or why it is none. */
export type FolderEntry = {
  /** The file's name without its ending. */
  readonly id: string;
  readonly file: string;
} & (FolderPersona | { readonly fault: PersonaError });

/**
 * @internal The names of the persona files in a folder, sorted by code unit. Hidden files are none: editors keep their locks and copies in them
 * (`.#brief.yaml`).
 *
 * @throws PersonaError when the folder can't be read
 */
export async function yamlFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
  } catch (error) {
    throw fileError(folder, error);
  }
}

/**
 * @internal Every persona file of a folder, the broken ones with their fault.
 *
 * Ids are file names and not names of personas: a name may be any line of text, an id stands in URLs.
 *
 * @throws PersonaError when the folder can't be read
 */
export async function readPersonaFolder(folder: string): Promise<readonly FolderEntry[]> {
  const entries = new Map<string, FolderEntry>();
  for (const name of await yamlFiles(folder)) {
    const { name: id } = parse(name);
    const file = join(folder, name);
    // Under a key that no id is: the file with the other ending stays what it is.
    if (entries.has(id)) entries.set(`${id}/`, { id, file, fault: takenError(file) });
    else entries.set(id, { id, file, ...(await readEntry(file)) });
  }
  return [...entries.values()];
}

async function readEntry(file: string): Promise<FolderPersona | { fault: PersonaError }> {
  try {
    return await readPersona(file);
  } catch (error) {
    return { fault: error instanceof PersonaError ? error : fileError(file, error) };
  }
}

function takenError(file: string): PersonaError {
  return new PersonaError('There is a file of this name with the other ending. Remove one of the two.', {
    file,
  });
}
