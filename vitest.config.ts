import { defineConfig } from 'vitest/config';

import { shared, sharedTest } from './tools/vitest/shared-config.ts';
import { slow } from './vitest.slow.config.ts';

export default defineConfig({
  ...shared,
  test: {
    ...sharedTest,
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
