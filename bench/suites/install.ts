import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atMost, figure, type Suite } from '../harness/table.ts';

/** What an app installs to stream one chat. */
const INSTALLS: Readonly<Record<string, readonly string[]>> = {
  katamari: [],
  'openai SDK': ['openai'],
  LangChain: ['@langchain/openai', '@langchain/core'],
  'pi-ai': ['@earendil-works/pi-ai'],
  'TanStack AI': ['@tanstack/ai', '@tanstack/ai-openai'],
  'OpenAI Agents': ['@openai/agents'],
  'AI SDK': ['ai', '@ai-sdk/openai'],
  Mastra: ['@mastra/core'],
};

/** Packages and size of a production install, each in an empty folder. */
export const install: Suite = () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const rows: string[][] = [];
  let own = Number.NaN;
  for (const [name, packages] of Object.entries(INSTALLS)) {
    const wanted = packages.map((one) => `${one}@${dependencies[one] ?? ''}`);
    const { count, megabytes } = installed(name === 'katamari' ? [packed()] : wanted);
    // Without the package itself: what comes along.
    if (name === 'katamari') own = count - 1;
    rows.push([name, String(count), figure(megabytes)]);
  }
  return Promise.resolve([
    {
      title: 'Production install',
      about:
        '`npm install --omit=dev --omit=peer` in an empty folder: packages, the library itself included, and MB on disk.',
      columns: ['', 'packages', 'MB'],
      rows,
      bars: [atMost('packages that come along with katamari', 8, own)],
    },
  ]);
};

function packed(): string {
  const root = new URL('../..', import.meta.url).pathname;
  const folder = mkdtempSync(join(tmpdir(), 'katamari-pack-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore',
  });
  const [file = ''] = readdirSync(folder);
  return join(folder, file);
}

function installed(packages: readonly string[]): { count: number; megabytes: number } {
  const folder = mkdtempSync(join(tmpdir(), 'katamari-install-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const flags = ['--omit=dev', '--omit=peer', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', ['install', ...flags, ...packages], { cwd: folder, stdio: 'ignore' });
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optional?: boolean; peer?: boolean }>;
    };
    const names = Object.keys(lock.packages).filter((name) => name !== '' && exists(join(folder, name)));
    return { count: names.length, megabytes: sizeOf(join(folder, 'node_modules')) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}
