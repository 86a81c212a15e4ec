import { defineConfig } from 'vitest/config';

import { shared, sharedTest } from './tools/vitest/shared-config.ts';

/** The real vendor SDKs, installed in a folder of their own by `npm run test:compat`. */
export default defineConfig({
  ...shared,
  test: {
    ...sharedTest,
    name: 'compat',
    include: ['tests/compat/**/*.test.ts'],
  },
});
