import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

import { PersonaError } from '../errors.ts';
import { extendPersona } from '../persona/extend-persona.ts';
import { PersonaText } from '../persona/parse-persona.ts';
import type { Persona } from '../persona/persona.ts';
import { ownPath } from './own-path.ts';
import { readPersonaFile } from './persona-file.ts';

/** How the package's own files are named, as in an import. */
const OWN = 'katamari/personas/';

/** How many files a persona may be built upon. */
const MAX_PARENTS = 5;

/**
 * Reads a persona file (YAML, UTF-8, at most 1 MB), and the files that it extends.
 *
 * @param path - absolute, or from the working directory; `katamari/personas/NAME.yaml` is one of those that come with the package
 * @example persona(await loadPersona('katamari/personas/concise-engineer.yaml'))
 * @throws PersonaError when there is no such file, it can't be read, or what is in it is no persona: with file, line, column, field and the
 * lines around; likewise when what it extends is out of its folder, not there, part of a circle or more than five files long
 */
export async function loadPersona(path: string): Promise<Persona> {
  return (await readPersona(path)).persona;
}

/** @internal The persona, and the text of its file. */
export async function readPersona(path: string): Promise<{ persona: Persona; yaml: string }> {
  const real = path.startsWith(OWN) ? ownPath(path.slice('katamari/'.length)) : path;
  return readChain(real, path, []);
}

/**
 * @param file - as errors name it
 * @param children - real paths of the files that lead here
 */
async function readChain(
  path: string,
  file: string,
  children: readonly string[],
): Promise<{ persona: Persona; yaml: string }> {
  const yaml = await readPersonaFile(path, file);
  const text = new PersonaText(yaml, file);
  const { persona } = text;
  if (persona.extends === undefined) return { persona, yaml };
  const chain = [...children, await realpath(path)];
  const fault = await parentFault(path, persona.extends, chain);
  if (fault !== undefined) throw text.errorAt('extends', fault);
  const near = (child: string) => join(dirname(child), persona.extends ?? '');
  const parent = await readChain(near(path), near(file), chain);
  try {
    return { persona: extendPersona(parent.persona, persona), yaml };
  } catch (error) {
    throw error instanceof PersonaError ? text.errorAt('extends', error.message, error) : error;
  }
}

/** Why a file may not be read as the parent of another one, or nothing. */
async function parentFault(
  child: string,
  parent: string,
  chain: readonly string[],
): Promise<string | undefined> {
  if (basename(parent) !== parent || parent.includes('\\') || !/\.ya?ml$/.test(parent))
    return 'extends must be the name of a persona file in the same folder, without a path: «house.yaml».';
  const real = await realpath(join(dirname(child), parent)).catch(() => undefined);
  if (real === undefined) return `There is no file «${parent}» in the folder.`;
  // A link may lead out of the folder, as a path may.
  if (isOutside(relative(await realpath(dirname(child)), real)))
    return `«${parent}» is a link to a file out of the folder. Put the file itself into the folder.`;
  if (chain.includes(real)) return `«${parent}» extends this file in turn: the circle has no beginning.`;
  if (chain.length <= MAX_PARENTS) return undefined;
  return `A persona may be built upon ${MAX_PARENTS} files, one upon the other; «${parent}» would be one more.`;
}

/** A folder's name may begin with two dots: a Kubernetes ConfigMap keeps its files in `..data`. */
function isOutside(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}
