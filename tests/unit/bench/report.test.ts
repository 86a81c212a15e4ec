import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { performanceDocument, readmeSection, withSection } from '../../../bench/render-report.ts';
import { readResults, type Results } from '../../../bench/results.ts';

describe('what the documents say of performance', () => {
  it('is what was measured last', () => {
    const results = readResults();
    const readme = readFileSync('README.md', 'utf8');
    expect(readFileSync('docs/performance.md', 'utf8')).toBe(performanceDocument(results));
    expect(withSection(readme, readmeSection(results))).toBe(readme);
  });

  it('was measured with the versions that `npm run bench` installs', () => {
    const { dependencies } = JSON.parse(readFileSync('bench/package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const { katamari, ...peers } = dependencies;
    expect(katamari).toBe('file:..');
    expect(readResults().versions).toEqual(peers);
  });

  it('says so where a bar was not reached', () => {
    const bar = { what: 'speed', bar: '≤ 1', measured: '2', held: false };
    const table = {
      title: 'Speed',
      about: 'How fast.',
      columns: ['', 'x'],
      rows: [['one', '2']],
      bars: [bar],
    };
    const results: Results = {
      versions: { other: '1.0.0' },
      suites: { speed: { date: '2026-01-02', node: '24', machine: 'a machine', tables: [table] } },
    };
    expect(readmeSection(results)).toContain('| speed | ≤ 1 | 2 | **no** |');
    expect(performanceDocument(results)).toContain('| one | 2 |');
  });

  it('needs the marks it is put between', () => {
    expect(() => withSection('# Nothing', 'x')).toThrow('has no');
  });
});
