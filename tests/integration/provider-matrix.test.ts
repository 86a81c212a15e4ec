import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { adapters } from '../../tools/provider-matrix/adapters.ts';
import { providerMatrix } from '../../tools/provider-matrix/provider-matrix.ts';

test('docs/provider-matrix.md says what the providers do; else run tools/write-provider-matrix.ts', async () => {
  const environment = { ...process.env };
  const written = readFileSync(new URL('../../docs/provider-matrix.md', import.meta.url), 'utf8');
  const found = await providerMatrix();
  expect(found).toBe(written);
  for (const { name } of adapters) expect(found).toContain(`| \`${name}\` |`);
  expect(process.env).toEqual(environment);
}, 120_000);
