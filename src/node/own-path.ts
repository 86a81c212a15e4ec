import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A path in the package, which finds itself by its name: where this module stands differs between the source and the build. */
export function ownPath(path: string): string {
  return join(dirname(createRequire(import.meta.url).resolve('katamari/package.json')), path);
}
