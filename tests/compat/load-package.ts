import { existsSync, readFileSync } from 'node:fs';

type Exports = Readonly<Record<string, unknown>>;

/** A package of this folder, under the name it is installed by, which for an earlier major is an alias such as `openai-6`. */
export interface LoadedPackage {
  /** For the title of its tests: name and version, or that it is not installed. */
  readonly title: string;
  /** `undefined` where it is not installed. */
  readonly exports: Exports | undefined;
}

/** A package that may not be installed: its exports, or `undefined`. One that is installed and does not load is an error. */
export async function loadPackage(name: string): Promise<Exports | undefined> {
  return existsSync(manifestOf(name)) ? ((await import(/* @vite-ignore */ name)) as Exports) : undefined;
}

/** The same package in several majors, or several packages; any of them may not be installed. */
export function loadPackages(...names: readonly string[]): Promise<LoadedPackage[]> {
  return Promise.all(
    names.map(async (installed): Promise<LoadedPackage> => {
      const exports = await loadPackage(installed);
      if (exports === undefined) return { title: `${installed}, which is not installed`, exports };
      const manifest = JSON.parse(readFileSync(manifestOf(installed), 'utf8')) as Readonly<
        Record<'name' | 'version', string>
      >;
      return { title: `${manifest.name} ${manifest.version}`, exports };
    }),
  );
}

function manifestOf(name: string): URL {
  return new URL(`node_modules/${name}/package.json`, import.meta.url);
}
