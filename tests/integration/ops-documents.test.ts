import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

const folder = 'docs/ops';
const documents = readdirSync(folder).filter((file) => file.endsWith('.md'));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** What stands between backticks and begins like a command. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/`((?:npm|npx|promtool) [^`]+)`/g)].map(([, command]) => command ?? '');
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(folder, document), 'utf8');

  it('names only scripts that there are', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names only files that there are, from the root of the repository in commands', () => {
    const named = commandsOf(text).flatMap((command) =>
      command
        .split(' ')
        .filter((word) => /^(?:bench|docs|examples|personas|src|tests|tools)(?:\/|$)/.test(word)),
    );
    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('links to what there is', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target]) => target ?? '',
    );
    expect(targets.filter((target) => !existsSync(join(dirname(join(folder, document)), target)))).toEqual(
      [],
    );
  });
});

describe('EVALUATION.md', () => {
  it('gives every figure a bar and a command', () => {
    const rows = readFileSync(join(folder, 'EVALUATION.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !line.startsWith('| figure'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((cells) => cells.includes('') || !/`n|^the same$/.test(cells.at(-1) ?? ''))).toEqual(
      [],
    );
  });
});

describe('CHECKLISTS.md', () => {
  it('has a list for dev, PR, release and ops, and a row for every alert', () => {
    const text = readFileSync(join(folder, 'CHECKLISTS.md'), 'utf8');
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'Dev',
      'PR',
      'Release',
      'Ops',
    ]);
    const alerts = [...readFileSync(join(folder, 'alerts.yml'), 'utf8').matchAll(/- alert: (\w+)/g)];
    expect(alerts.filter(([, alert]) => !text.includes(`| \`${alert}\` |`))).toEqual([]);
  });
});
