import { defineConfig } from 'vitest/config';

/** Real hosts, with the keys of the environment: `npm run test:live`. Without a key a test skips and says so. */
export default defineConfig({
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
  test: {
    reporters: ['default', './tools/vitest/summary-reporter.ts'],
    testTimeout: 60_000,
    name: 'live',
    include: ['tests/live/**/*.test.ts'],
  },
});
