import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>;
}

/** Where the lock file has a package that one at `from` asks for. */
function placeOf({ packages }: Lock, name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '')) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, place)) return place;
    if (folder === '') return undefined;
  }
}

/** Everything that a production install brings, without what the app brings itself (peers). */
function installedBy(lock: Lock): ReadonlySet<string> {
  const places = new Set<string>();
  const visit = (from: string): void => {
    for (const name of Object.keys(lock.packages[from]?.dependencies ?? {})) {
      const place = placeOf(lock, name, from);
      if (place === undefined) throw new Error(`${name} is not in the lock file`);
      if (places.has(place)) continue;
      places.add(place);
      visit(place);
    }
  };
  visit('');
  return places;
}

describe('a production install', () => {
  it('brings no more than eight packages', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
    const installed = installedBy(lock);
    expect(installed).toContain('node_modules/zod');
    expect([...installed].length).toBeLessThanOrEqual(8);
  });
});
