import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isKatamariError, KatamariError } from '../../errors.ts';
import { parseCassette, type Cassette } from '../cassette/cassette.ts';

/**
 * Reads a cassette from a file.
 *
 * @throws KatamariError `invalid-input` where the file cannot be read or holds no cassette
 */
export async function loadCassette(file: string): Promise<Cassette> {
  try {
    return parseCassette(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const why = isKatamariError(error) ? error.message : 'It cannot be read, or is no JSON.';
    throw new KatamariError('invalid-input', `${file}: ${why}`, { cause: error });
  }
}

/** Writes a cassette to a file, whose folder is made where it is missing. */
export async function saveCassette(file: string, cassette: Cassette): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(cassette, null, 2)}\n`);
}
