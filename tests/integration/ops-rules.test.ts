import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

import { parseExposition } from '../../src/log/summary/parse-exposition.ts';
import { prometheus } from '../../src/prometheus/index.ts';

const run = promisify(execFile);
const files = ['docs/ops/rules.yml', 'docs/ops/alerts.yml'] as const;

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: { readonly summary?: string; readonly next?: string };
}

function rulesOf(file: string): readonly Rule[] {
  const { groups } = load(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

const [recording, alerts] = files.map(rulesOf) as [readonly Rule[], readonly Rule[]];
const page = await prometheus().metrics();

/** What may be asked for: each metric, and the parts of each histogram. */
const known = new Set(
  [...page.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name = '', type = '']) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
  ),
);

describe('the rules for Prometheus', () => {
  it('ask only for metrics that the exposition has', () => {
    const asked = [...recording, ...alerts].flatMap(({ expr }) =>
      [...expr.matchAll(/\bkatamari_\w+/g)].map(String),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it('ask only for labels whose values there are', () => {
    const samples = parseExposition(page);
    const selectors = [...recording, ...alerts].flatMap(({ expr }) => [
      ...expr.matchAll(/(\w+)\{(\w+)="(\w+)"\}/g),
    ]);
    expect(selectors.length).toBeGreaterThan(0);
    for (const [, name = '', label = '', value = ''] of selectors)
      expect(samples).toContainEqual({
        name,
        labels: expect.objectContaining({ [label]: value }) as object,
        value: 0,
      });
  });

  it('alert only on series that are recorded, and say what next', () => {
    const recorded = new Set(recording.map(({ record }) => record));
    const incomplete = alerts.filter(({ expr, for: wait, labels, annotations }) => {
      const said = [wait, labels?.severity, annotations?.summary, annotations?.next];
      return !recorded.has(expr.split(' ')[0]) || said.includes(undefined);
    });
    expect(incomplete).toEqual([]);
  });

  it('hold the budgets of the specification', () => {
    const limits = alerts.map(({ alert = '', expr }) => `${alert} ${expr.replace(/^\S+ /, '')}`);
    expect(limits).toEqual(
      expect.arrayContaining([
        'KatamariFirstTokenLate > 1',
        'KatamariEventsLate > 0.3',
        'KatamariStreamsBreak >= 0.01',
        'KatamariCompressRatioLow < 0.3',
        'KatamariCompressRatioHigh > 0.8',
      ]),
    );
    // A budget that is no bucket's bound could only be guessed at.
    expect(page).toContain('katamari_event_delay_seconds_bucket{le="0.3"}');
  });

  it('pass promtool, and the tests written for it (skipped where it is not installed: Debian’s package prometheus)', async ({
    skip,
  }) => {
    const promtool = (parameters: string[]) => run('promtool', parameters);
    const there = await promtool(['--version']).then(
      () => true,
      () => false,
    );
    if (!there) skip('promtool is not installed; Debian has it in the package prometheus');
    expect((await promtool(['check', 'rules', ...files])).stdout).toContain('SUCCESS');
    expect((await promtool(['test', 'rules', 'tests/fixtures/ops/alerts.test.yml'])).stdout).toContain(
      'SUCCESS',
    );
  });
});

describe('the guide', () => {
  it('names every metric, and none that is not there', () => {
    const guide = readFileSync('docs/guides/telemetry.md', 'utf8');
    const named = [...guide.matchAll(/`(katamari_\w+)`/g)].map(([, name]) => name ?? '');
    const names = [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? '');
    expect([...new Set(named)].toSorted()).toEqual(names.toSorted());
  });
});
