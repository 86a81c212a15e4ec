import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'vite';
import type { TestProject } from 'vitest/node';

import { chromiumPath } from './chromium-path.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the playground under test has been built. */
    readonly playground: string;
  }
}

/** Builds the playground once for all tests, apart from `dist`, so that what is tested is what stands in the sources. */
export default async function buildPlayground(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  if (chromiumPath === undefined) {
    console.warn('No Chromium (KATAMARI_CHROMIUM, /usr/bin/chromium): the tests in the browser are skipped.');
    project.provide('playground', '');
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'katamari-playground-'));
  await build({
    configFile: 'playground/vite.config.ts',
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
  project.provide('playground', folder);
  return () => rm(folder, { recursive: true, force: true });
}
