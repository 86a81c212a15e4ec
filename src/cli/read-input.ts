import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { KatamariError } from '../errors.ts';
import { tell } from './output.ts';

/**
 * The text of a file, or of stdin where the file is `-`.
 *
 * @param what - for messages, for example `The history`
 * @throws KatamariError code `invalid-input` when it can't be read
 */
export async function readInput(file: string, what: string): Promise<string> {
  if (file === '-') {
    if (process.stdin.isTTY)
      tell(`${what} is read from the terminal; Ctrl-D on an empty line ends it.`, 'dim');
    return text(process.stdin);
  }
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const reason = why === 'ENOENT' ? 'there is no such file' : why;
    throw new KatamariError('invalid-input', `${what} ${file} can't be read: ${reason}.`, { cause });
  }
}
