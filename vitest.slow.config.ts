import { defineConfig } from 'vitest/config';

import { shared, sharedTest } from './tools/vitest/shared-config.ts';

/**
 * What would make `npm test` last longer than two minutes: every adapter through the whole kit, every command of the runbook, what starts
 * many processes, the short soak.
 */
export const slow = [
  'tests/integration/cli-terminal.test.ts',
  'tests/integration/cli.test.ts',
  'tests/integration/conformance.test.ts',
  'tests/integration/provider-matrix.test.ts',
  'tests/integration/redis.test.ts',
  'tests/integration/runbook.test.ts',
  'tests/integration/server-mounts.test.ts',
  'tests/integration/server-node.test.ts',
  'tests/integration/soak.test.ts',
] as const;

export default defineConfig({
  ...shared,
  test: {
    ...sharedTest,
    // They measure and wait: one after the other.
    maxWorkers: 1,
    // A machine that is busy for a moment is not a fault.
    retry: 1,
    expect: { poll: { timeout: 10_000 } },
    name: 'slow',
    include: [...slow, 'tests/browser/**/*.test.ts'],
  },
});
