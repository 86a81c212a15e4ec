import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { trimAccount } from '../../tools/trim-account.ts';

test('docs/trim-account.md says what a trim says; else run tools/write-trim-account.ts', async () => {
  const written = readFileSync(new URL('../../docs/trim-account.md', import.meta.url), 'utf8');
  expect(await trimAccount()).toBe(written);
  expect(written).toMatch(/relevant 1\.00/);
});
