import { existsSync, readFileSync } from 'node:fs';

/** A package of this folder, under the name it is installed by, which for an earlier major is an alias such as `openai-6`. */
export interface LoadedPackage {
  /** For the title of its tests: name and version, or that it is not installed. */
  readonly title: string;
  /** `undefined` where it is not installed. */
  readonly exports: Readonly<Record<string, unknown>> | undefined;
}

/** Packages that may not be installed; one that is and does not load is an error. */
export function loadPackages(...names: readonly string[]): Promise<LoadedPackage[]> {
  return Promise.all(names.map(loadPackage));
}

async function loadPackage(installed: string): Promise<LoadedPackage> {
  const manifest = new URL(`node_modules/${installed}/package.json`, import.meta.url);
  if (!existsSync(manifest)) {
    return { title: `${installed}, not installed: npm install --prefix tests/compat`, exports: undefined };
  }
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; version: string };
  const exports = (await import(/* @vite-ignore */ installed)) as LoadedPackage['exports'];
  return { title: `${name} ${version}`, exports };
}
