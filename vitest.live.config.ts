import { defineConfig } from 'vitest/config';

import { shared, sharedTest } from './tools/vitest/shared-config.ts';

/** Real hosts, with the keys of the environment: `npm run test:live`. Without a key a test skips and says so. */
export default defineConfig({
  ...shared,
  test: {
    ...sharedTest,
    testTimeout: 60_000,
    name: 'live',
    include: ['tests/live/**/*.test.ts'],
  },
});
