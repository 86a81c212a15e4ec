import { readFile, stat } from 'node:fs/promises';

import { PersonaError } from '../errors.ts';
import { parsePersona } from '../persona/parse-persona.ts';
import { personaLimits } from '../persona/persona-limits.ts';
import type { Persona } from '../persona/persona.ts';
import { ownPath } from './own-path.ts';

/** How the package's own files are named, as in an import. */
const OWN = 'katamari/personas/';

/**
 * Reads a persona file (YAML, UTF-8, at most 1 MB).
 *
 * @param path - absolute, or from the working directory; `katamari/personas/NAME.yaml` is one of those that come with the package
 * @example persona(await loadPersona('katamari/personas/concise-engineer.yaml'))
 * @throws PersonaError when there is no such file, it can't be read, or what is in it is no persona: with file, line, column and field
 */
export async function loadPersona(path: string): Promise<Persona> {
  const bytes = await readSmallFile(path.startsWith(OWN) ? ownPath(path.slice('katamari/'.length)) : path);
  return parsePersona(decode(bytes, path), { file: path });
}

async function readSmallFile(path: string): Promise<Uint8Array> {
  try {
    // Looked at first: reading a pipe or a device would wait for ever, a huge file fill the memory.
    const found = await stat(path);
    if (!found.isFile())
      throw new PersonaError('This is not a file. Name the persona file itself.', { file: path });
    if (found.size > personaLimits.fileBytes) {
      const message = `The file has ${found.size} bytes; a persona may have ${personaLimits.fileBytes}.`;
      throw new PersonaError(message, { file: path });
    }
    return await readFile(path);
  } catch (error) {
    throw error instanceof PersonaError ? error : fileError(path, error);
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = 'The file is not UTF-8 text (it may be binary, UTF-16 or Shift_JIS). Save it as UTF-8.';
    throw new PersonaError(message, { file }, { cause });
  }
}

/** @internal What the file system says, as a persona error. */
export function fileError(path: string, cause: unknown): PersonaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const message = code === 'ENOENT' ? 'There is no such file or folder.' : `This can't be read (${code}).`;
  return new PersonaError(message, { file: path }, { cause });
}
