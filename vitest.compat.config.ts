import { defineConfig } from 'vitest/config';

/** The real vendor SDKs, installed in a folder of their own by `npm run test:compat`. */
export default defineConfig({
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
  test: {
    reporters: ['default', './tools/vitest/summary-reporter.ts'],
    testTimeout: 20_000,
    name: 'compat',
    include: ['tests/compat/**/*.test.ts'],
  },
});
