/**
 * Holds that package-lock.json names every platform package that its packages ask for. A registry that lacks one leaves it out of the lock
 * without a word, and `npm ci` then refuses the lock on every machine. Usage: node tools/check-lock.ts
 */
import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** Looks a name up as Node does: beside the package that asks, then ever further out. */
function resolve(from: string, name: string): LockedPackage | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === '') return found;
    if (!folder.includes('/node_modules/')) folder = '';
  }
}

const missing = Object.entries(lock.packages).flatMap(([folder, { optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name, range]) => {
      const found = resolve(folder, name);
      return found === undefined || (/^\d/.test(range) && found.version !== range);
    })
    .map(([name, range]) => `${folder} asks for ${name}@${range}`),
);

for (const line of missing) console.error(line);
console.log(missing.length === 0 ? 'lock complete' : `${missing.length} missing: npm ci will fail`);
process.exitCode = missing.length === 0 ? 0 : 1;
