import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';

import type { Table } from './harness/table.ts';

const FILE = new URL('results.json', import.meta.url);

/** What one suite found, when and on what. */
export interface SuiteResults {
  readonly date: string;
  readonly node: string;
  readonly machine: string;
  readonly tables: readonly Table[];
}

/** What was measured last, by suite, and what with. */
export interface Results {
  readonly versions: Readonly<Record<string, string>>;
  readonly suites: Readonly<Record<string, SuiteResults>>;
}

/** @throws Error where nothing was kept yet */
export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Results;
}

/** Keeps what a suite found in place of what it found before. */
export function saveResults(name: string, tables: readonly Table[]): void {
  const before = existsSync(FILE) ? readResults().suites : {};
  const own: SuiteResults = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}`,
    tables,
  };
  const results: Results = { versions: versionsOf(), suites: { ...before, [name]: own } };
  writeFileSync(FILE, `${JSON.stringify(results, null, 1)}\n`);
}

function versionsOf(): Record<string, string> {
  const path = new URL('package.json', import.meta.url);
  const { dependencies } = JSON.parse(readFileSync(path, 'utf8')) as { dependencies: Record<string, string> };
  return Object.fromEntries(Object.entries(dependencies).filter(([name]) => name !== 'katamari'));
}
