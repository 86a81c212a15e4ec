import { existsSync } from 'node:fs';

/** The browser of the tests; `undefined` where there is none, and the tests are skipped. */
export const chromiumPath = [
  process.env['KATAMARI_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
].find((path) => path !== undefined && existsSync(path));
