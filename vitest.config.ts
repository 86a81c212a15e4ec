import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
  test: {
    reporters: ['default', './tools/vitest/summary-reporter.ts'],
    testTimeout: 20_000,
    // Many tests wait for processes that they have started: more of them than cores.
    maxWorkers: 3,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      { extends: true, test: { name: 'integration', include: ['tests/integration/**/*.test.ts'] } },
      { extends: true, test: { name: 'browser', include: ['tests/browser/**/*.test.ts'] } },
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
