import { describe, expect, it } from 'vitest';

import type { ChainOptions } from '../../../src/chain.ts';
import type { ReflectOptions } from '../../../src/reflect/reflect-options.ts';
import type { ScriptSource } from '../../../src/testing/index.ts';
import {
  answersOf,
  byPhase,
  critique,
  driven,
  issuesOf,
  only,
  phasesOf,
  setUp,
  tokensOf,
  watch,
} from './watch.ts';

const used = { token_in: 50, token_out: 10 };
const draft: ScriptSource = { text: 'June 9.', usage: used };
const revise: ScriptSource = { text: critique('revise', 3, 'x'), usage: used };
const slow = { text: ['June ', '10 ', 'or ', 'so'], delayMs: 10 };
const endless: ScriptSource = { text: Array.from({ length: 400 }, (_, index) => `word${index} `) };

function limited(
  scripts: Readonly<Record<string, readonly ScriptSource[]>>,
  limits: NonNullable<ChainOptions['limits']>,
  options: ReflectOptions = {},
) {
  return setUp(byPhase(scripts), options, { limits });
}

describe('reflect: limits of the run', () => {
  it('sends nothing with a limit of 0', async () => {
    for (const options of [{}, { drafts: 4 }]) {
      const { chain, provider } = limited({ draft: [draft] }, { maxTokens: 0 }, options);
      const { result } = await watch(chain);
      expect(result).toMatchObject({ text: '', finishReason: 'limit', metrics: { stopped_by: 'tokens' } });
      expect(provider.requests).toHaveLength(0);
    }
  });

  it('answers with the draft where nothing is left for a critique', async () => {
    const { chain, provider } = limited({ draft: [draft] }, { maxTokens: 60 });
    const { events, result } = await watch(chain);
    expect(provider.requests).toHaveLength(1);
    expect(result).toMatchObject({
      text: 'June 9.',
      finishReason: 'stop',
      metrics: { stopped_by: 'tokens' },
    });
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'limit', call: 1 }]);
    expect(issuesOf(events)).toEqual([]);
    expect(await tokensOf(limited({ draft: [draft] }, { maxTokens: 60 }).chain)).toEqual(['June 9.']);
  });

  it('answers with what there is of a draft that was cut off', async () => {
    const { chain } = limited({ draft: [endless] }, { maxTokens: 60 });
    const { events, result } = await watch(chain);
    expect(result.text).toMatch(/^word0 /);
    expect(result).toMatchObject({ finishReason: 'limit', metrics: { stopped_by: 'tokens', calls: 1 } });
    expect(answersOf(events)).toBe(result.text);
  });

  it('takes back a final answer that was cut off, where it can be taken back, and keeps it elsewhere', async () => {
    const scripts = { draft: [draft], critique: [revise], final: [slow] };
    const first = limited(scripts, { maxMs: 25 });
    const { events, result } = await driven(first.clock, watch(first.chain));
    expect(only(events, 'attempt-end').at(-1)).toMatchObject({ finishReason: 'limit', superseded: true });
    expect(result).toMatchObject({ text: 'June 9.', finishReason: 'stop', metrics: { stopped_by: 'time' } });
    const second = limited(scripts, { maxMs: 25 });
    expect(await driven(second.clock, tokensOf(second.chain))).toEqual(['June ', '10 ']);
  });

  it('does not wait for a critic that is silent, whatever the policy for failures', async () => {
    for (const onFailure of ['degrade', 'throw'] as const) {
      const scripts = { draft: [draft], critique: [{ hang: true }] };
      const { chain, clock, provider } = limited(scripts, { maxMs: 50 }, { onFailure });
      const { result } = await driven(clock, watch(chain));
      expect(result).toMatchObject({ text: 'June 9.', metrics: { stopped_by: 'time', latency_ms: 50 } });
      expect([provider.open, clock.pending]).toEqual([0, 0]);
    }
  });

  it('ends the rounds of a critic that never approves, with the best text', async () => {
    const scripts = {
      draft: ['first'],
      critique: [3, 8, 5].map((score) => critique('revise', score)),
      revision: ['best', 'worse', { text: 'third', hang: true }],
    };
    const { chain, clock } = limited(scripts, { maxMs: 100 }, { maxRounds: 20 });
    const { events, result } = await driven(clock, watch(chain));
    expect(result).toMatchObject({ text: 'best', finishReason: 'stop', metrics: { stopped_by: 'time' } });
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'limit', score: 0.8, rounds: 3 }]);
  });

  it('cuts all drafts off together, and prefers one that is whole', async () => {
    const scripts = { draft: [slow, 'whole', slow], critique: [{ hang: true }] };
    const { chain, clock, provider } = limited(scripts, { maxMs: 25 }, { drafts: 3 });
    const { events, result } = await driven(clock, watch(chain));
    expect(result.text).toBe('whole');
    expect(phasesOf(events).toSorted()).toEqual(['critique', 'draft', 'draft', 'draft']);
    expect(only(events, 'attempt-end').filter(({ finishReason }) => finishReason === 'limit')).toHaveLength(
      3,
    );
    expect([provider.open, clock.pending]).toEqual([0, 0]);
  });

  it('counts drafts in parallel together', async () => {
    const { chain } = limited({ draft: [endless] }, { maxTokens: 300 }, { drafts: 4 });
    const { result } = await watch(chain);
    const { token_in, token_out } = result.metrics;
    expect(token_in + token_out).toBeGreaterThanOrEqual(300);
    expect(token_in + token_out).toBeLessThan(330);
    expect(result.text).toMatch(/^word0 /);
  });
});
