import { defineConfig } from 'vitest/config';

import { slow } from './vitest.slow.config.ts';

export default defineConfig({
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
  test: {
    reporters: ['default', './tools/vitest/summary-reporter.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], exclude: [...slow] },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['tests/types/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
    ],
  },
});
