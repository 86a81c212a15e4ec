import type { ViteUserConfig } from 'vitest/config';

/** What all suites have in common: they run the sources, and close with `N passed, N failed`. */
export const shared = {
  resolve: { conditions: ['@katamari/source'] },
  ssr: { resolve: { conditions: ['@katamari/source', 'node', 'import', 'module', 'default'] } },
} satisfies ViteUserConfig;

/** The same for `test`. */
export const sharedTest = {
  reporters: ['default', './tools/vitest/summary-reporter.ts'],
  testTimeout: 20_000,
} satisfies ViteUserConfig['test'];
