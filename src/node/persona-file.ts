import { readFile, stat } from 'node:fs/promises';

import { PersonaError } from '../errors.ts';
import { personaLimits } from '../persona/persona-limits.ts';

/**
 * @internal The text of a persona file.
 *
 * @param file - as errors name it
 * @throws PersonaError when it can't be read, is too large or is no text in UTF-8
 */
export async function readPersonaFile(path: string, file: string): Promise<string> {
  return decode(await readSmallFile(path, file), file);
}

async function readSmallFile(path: string, file: string): Promise<Uint8Array> {
  try {
    // Looked at first: reading a pipe or a device would wait for ever, a huge file fill the memory.
    const found = await stat(path);
    if (!found.isFile())
      throw new PersonaError('This is not a file. Name the persona file itself.', { file });
    if (found.size > personaLimits.fileBytes) {
      const message = `The file has ${found.size} bytes; a persona may have ${personaLimits.fileBytes}.`;
      throw new PersonaError(message, { file });
    }
    return await readFile(path);
  } catch (error) {
    throw error instanceof PersonaError ? error : fileError(file, error);
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
