import { readFileSync } from 'node:fs';

import { defineConfig } from 'tsup';

type Manifest = { exports: Record<string, string | { '@katamari/source': string }> };

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** The entry points are the source files that package.json exports, so that the two cannot disagree. */
const entry = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string' ? [] : [target['@katamari/source']],
);

export default defineConfig({
  entry,
  outDir: 'dist',
  format: ['esm'],
  target: 'node22',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: false,
});
