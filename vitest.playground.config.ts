import { defineConfig } from 'vitest/config';

/** The playground in a real browser: `npm run test:playground`. Apart from `npm test`, which must stay short. */
export default defineConfig({
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
  test: {
    name: 'playground',
    include: ['tests/playground/**/*.test.ts'],
    globalSetup: ['tests/playground/support/build-playground.ts'],
    reporters: ['default', './tools/vitest/summary-reporter.ts'],
    testTimeout: 180_000,
    hookTimeout: 90_000,
    // Browsers share two cores with the servers that they talk to.
    maxWorkers: 2,
  },
});
