import { defineConfig } from 'vitest/config';

import { shared, sharedTest } from './tools/vitest/shared-config.ts';

/** The playground in a real browser: `npm run test:playground`. Apart from `npm test`, which must stay short. */
export default defineConfig({
  ...shared,
  test: {
    name: 'playground',
    include: ['tests/playground/**/*.test.ts'],
    globalSetup: ['tests/playground/support/build-playground.ts'],
    ...sharedTest,
    testTimeout: 180_000,
    hookTimeout: 90_000,
    // Browsers share two cores with the servers that they talk to.
    maxWorkers: 2,
  },
});
