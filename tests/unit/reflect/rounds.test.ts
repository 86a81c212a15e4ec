import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { Chain } from '../../../src/chain.ts';
import { local } from '../../../src/local/index.ts';
import { readQuoted } from '../../../src/quote.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { structured } from '../../../src/structured/structured.ts';
import { providerError } from '../../../src/testing/index.ts';
import {
  answersOf,
  byPhase,
  critique,
  issuesOf,
  lastText,
  messages,
  only,
  phasesOf,
  setUp,
  tokensOf,
  wants,
  watch,
} from './watch.ts';

const failing = { error: providerError('server') };

describe('reflect: rounds', () => {
  it('revises until the critic approves, each revision from the issues of what it mends', async () => {
    const { chain, provider } = setUp(
      byPhase({
        draft: ['one'],
        critique: [critique('revise', 3, 'first'), critique('revise', 5, 'second'), critique('approve', 9)],
        revision: ['two', 'three'],
      }),
      { maxRounds: 5 },
    );
    const { events, result } = await watch(chain);
    expect(phasesOf(events)).toEqual(['draft', 'critique', 'revision', 'critique', 'revision', 'critique']);
    expect(provider.requests.slice(2).map((request) => readQuoted('draft', lastText(request)))).toEqual([
      'one',
      'two',
      'two',
      'three',
    ]);
    expect(readQuoted('issues', lastText(provider.requests[4]))).toContain('second');
    expect(
      only(events, 'critique').map(({ call, judged, round, score }) => [call, judged, round, score]),
    ).toEqual([
      [2, 1, 1, 0.3],
      [4, 3, 2, 0.5],
      [6, 5, 3, 0.9],
    ]);
    expect(only(events, 'answer-choice')).toMatchObject([
      {
        call: 5,
        why: 'approved',
        score: 0.9,
        rounds: 2,
        candidates: [
          { call: 1, score: 0.3 },
          { call: 3, score: 0.5 },
          { call: 5, score: 0.9 },
        ],
      },
    ]);
    expect(answersOf(events)).toBe('three');
    expect(result).toMatchObject({ text: 'three', finishReason: 'stop' });
  });

  it('streams the last revision as the answer, since nothing can replace it', async () => {
    const scripts = {
      draft: ['one'],
      critique: [critique('revise', 3)],
      revision: ['two'],
      final: [{ text: ['th', 'ree'] }],
    };
    const { events } = await watch(setUp(byPhase(scripts), { maxRounds: 2 }).chain);
    expect(phasesOf(events)).toEqual(['draft', 'critique', 'revision', 'critique', 'final']);
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'last', rounds: 2 }]);
    expect(await tokensOf(setUp(byPhase(scripts), { maxRounds: 2 }).chain)).toEqual(['th', 'ree']);
  });

  it('ends with a critic that never approves, and with one that always does', async () => {
    const never = setUp(
      byPhase({ draft: ['a'], critique: [critique('revise', 2)], revision: ['b'], final: ['c'] }),
      {
        maxRounds: 20,
      },
    );
    const { events } = await watch(never.chain);
    expect(phasesOf(events)).toHaveLength(41);
    expect(answersOf(events)).toBe('c');
    const always = setUp(byPhase({ draft: ['a'], critique: [critique('approve', 10)] }), { maxRounds: 20 });
    expect(phasesOf((await watch(always.chain)).events)).toEqual(['draft', 'critique']);
  });

  it('goes through all rounds where approval is switched off', async () => {
    const { chain } = setUp(
      byPhase({ draft: ['a'], critique: [critique('approve', 10)], revision: ['b'], final: ['c'] }),
      { maxRounds: 3, approve: false },
    );
    const { events } = await watch(chain);
    expect(phasesOf(events)).toHaveLength(7);
    expect(answersOf(events)).toBe('c');
  });

  it.each([
    [{ maxRounds: -1 }, 'maxRounds'],
    [{ maxRounds: 1.5 }, 'maxRounds'],
    [{ maxRounds: 21 }, 'maxRounds'],
    [{ drafts: 0 }, 'drafts'],
    [{ drafts: 9 }, 'drafts'],
    [{ critique: { repairs: Number.NaN } }, 'critique.repairs'],
  ])('refuses %o', (options, name) => {
    expect(() => reflect(options)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
    expect(() => reflect(options)).toThrow(name);
  });
});

describe('reflect: the best and not the last', () => {
  it('keeps a text that scored more than what came after it, mends that one again, and says so', async () => {
    const { chain, provider } = setUp(
      byPhase({
        draft: ['good'],
        critique: [critique('revise', 7, 'x'), critique('revise', 4, 'y'), critique('revise', 5, 'z')],
        revision: ['worse', 'also worse'],
      }),
      { maxRounds: 2, verify: true },
    );
    const { events, result } = await watch(chain);
    expect(phasesOf(events)).toEqual(['draft', 'critique', 'revision', 'critique', 'revision', 'critique']);
    expect(issuesOf(events)).toEqual(['regression', 'regression']);
    expect(readQuoted('draft', lastText(provider.requests[4]))).toBe('good');
    expect(only(events, 'answer-choice')).toMatchObject([{ call: 1, why: 'best-score', score: 0.7 }]);
    expect(result.text).toBe('good');
    expect(
      await tokensOf(
        setUp(
          byPhase({
            draft: ['good'],
            critique: [critique('revise', 7), critique('revise', 4)],
            revision: ['worse'],
          }),
          { verify: true },
        ).chain,
      ),
    ).toEqual(['good']);
  });

  it('does not take a last revision that scored worse than its draft, where it is verified', async () => {
    const scripts = byPhase({
      draft: ['good'],
      critique: [critique('revise', 7), critique('revise', 2)],
      revision: ['bad'],
    });
    const { events } = await watch(setUp(scripts, { verify: true }).chain);
    expect(answersOf(events)).toBe('good');
    // Nothing of the bad one was ever called an answer.
    expect(only(events, 'token').filter(({ answer }) => answer)).toMatchObject([
      { text: 'good', call: 1, phase: 'final' },
    ]);
  });

  it('takes the revision of two that score the same, and goes by what was found where there are no scores', async () => {
    const same = byPhase({ draft: ['a'], critique: [critique('revise', 5)], revision: ['b'] });
    expect(answersOf((await watch(setUp(same, { verify: true }).chain)).events)).toBe('b');
    const counted = byPhase({
      draft: ['a'],
      critique: [critique('revise', undefined, 'x'), critique('revise', undefined, 'x', 'y')],
      revision: ['b'],
    });
    const { events } = await watch(setUp(counted, { verify: true }).chain);
    expect(answersOf(events)).toBe('a');
    expect(only(events, 'answer-choice')).toMatchObject([{ score: null, why: 'best-score' }]);
  });

  it('lets a text that fails a gate give way to one that passes, without a model', async () => {
    const scripts = (revision: string) =>
      byPhase({ draft: ['June 9'], critique: [critique('revise', 3)], revision: [revision] });
    const options = { gates: [wants('June')] };
    const worse = await watch(setUp(scripts('Soon.'), options).chain);
    expect(answersOf(worse.events)).toBe('June 9');
    expect(issuesOf(worse.events)).toEqual(['regression']);
    expect(only(worse.events, 'critique').at(-1)).toMatchObject({
      call: null,
      judged: 3,
      round: 2,
      verdict: 'revise',
      issues: [{ problem: 'Say «June».' }],
    });
    const better = await watch(setUp(scripts('June 10'), options).chain);
    expect(answersOf(better.events)).toBe('June 10');
    expect(only(better.events, 'answer-choice')).toMatchObject([{ why: 'last' }]);
  });

  it('does not let a critic approve what fails a gate', async () => {
    const { chain, provider } = setUp(
      byPhase({ draft: ['Soon.'], critique: [critique('approve', 10)], revision: ['June 10'] }),
      { gates: [wants('June')] },
    );
    const { events } = await watch(chain);
    expect(answersOf(events)).toBe('June 10');
    expect(readQuoted('issues', lastText(provider.requests[2]))).toContain('Say «June».');
  });

  it('is judged by scorers in place of a model', async () => {
    const { chain, provider } = setUp(byPhase({ draft: ['Soon.'], revision: ['In June', 'June 10'] }), {
      maxRounds: 3,
      critique: { scorers: [wants('June'), wants('10')] },
    });
    const { events } = await watch(chain);
    expect(phasesOf(events)).toEqual(['draft', 'revision', 'revision']);
    expect(only(events, 'critique').map(({ call, verdict, score }) => [call, verdict, score])).toEqual([
      [null, 'revise', 0],
      [null, 'revise', 0.5],
      [null, 'approve', 1],
    ]);
    expect(readQuoted('issues', lastText(provider.requests[2]))).toContain('Say «10».');
    expect(answersOf(events)).toBe('June 10');
  });

  it('goes on with the draft where a scorer throws, or throws', async () => {
    const broken = { name: 'broken', score: () => Promise.reject(new TypeError('mine')) };
    const scripts = byPhase({ draft: ['June 9'] });
    const { events } = await watch(setUp(scripts, { critique: { scorers: [broken] } }).chain);
    expect([answersOf(events), issuesOf(events)]).toEqual(['June 9', ['critique-failed']]);
    const strict = setUp(byPhase({ draft: ['June 9'] }), { gates: [broken], onFailure: 'throw' });
    await expect(watch(strict.chain)).rejects.toThrow('mine');
  });
});

describe('reflect: what fails in a later round', () => {
  const scripts = (later: object) => ({
    draft: ['one'],
    critique: [critique('revise', 3)],
    revision: ['two'],
    ...later,
  });

  it.each([
    ['critique of the last round', { critique: [critique('revise', 3), failing] }, 'two', 'critique-failed'],
    ['revision', { revision: [failing] }, 'one', 'final-failed'],
    ['final', { final: [failing] }, 'two', 'final-failed'],
    ['final that is empty', { final: [''] }, 'two', 'final-failed'],
  ] as const)('answers with the best text after a failed %s', async (_, later, text, code) => {
    const { events, result } = await watch(setUp(byPhase(scripts(later)), { maxRounds: 2 }).chain);
    expect(issuesOf(events)).toEqual([code]);
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'failed' }]);
    expect([answersOf(events), result.text]).toEqual([text, text]);
    expect((await tokensOf(setUp(byPhase(scripts(later)), { maxRounds: 2 }).chain)).join('')).toBe(text);
    const strict = setUp(byPhase(scripts(later)), { maxRounds: 2, onFailure: 'throw' });
    await expect(watch(strict.chain)).rejects.toMatchObject({ name: 'ProviderError' });
  });

  it.each(['draft', 'critique', 'revision', 'final'] as const)(
    'settles with its account when it is aborted in the %s',
    async (phase) => {
      const hanging = { [phase]: [{ text: 'Ju', hang: true }] };
      const { chain, clock, provider } = setUp(byPhase(scripts({ final: ['three'], ...hanging })), {
        maxRounds: 2,
      });
      const run = chain.stream({ messages });
      const types: string[] = [];
      let result: ReturnType<typeof run.result> | undefined;
      for await (const event of run) {
        types.push(event.type);
        if (event.type !== 'token' || event.phase !== phase) continue;
        result = run.result();
        run.abort();
      }
      expect(await result).toMatchObject({ finishReason: 'aborted', text: phase === 'final' ? 'Ju' : '' });
      expect(types.filter((type) => type === 'attempt-end')).toHaveLength(
        types.filter((type) => type === 'attempt-start').length,
      );
      expect(types).not.toContain('answer-choice');
      expect(types.at(-1)).toBe('done');
      expect([provider.open, clock.pending]).toEqual([0, 0]);
    },
  );
});

describe('reflect: beside other steps', () => {
  it('gives structured() the chosen text, also where it is not the last one', async () => {
    const { provider } = setUp(
      byPhase({
        draft: ['{"day": 10}'],
        critique: [critique('revise', 8), critique('revise', 2)],
        revision: ['{"day": "tenth"}'],
      }),
    );
    const chain = new Chain({ provider })
      .use(structured(z.object({ day: z.number() })))
      .use(reflect({ verify: true }));
    expect((await chain.stream({ messages }).result()).object).toEqual({ day: 10 });
  });

  it('keeps the thoughts that a vendor wants back with a draft that asks for tools', async () => {
    const toolCalls = [{ id: 'c', name: 'look', arguments: '{}' }];
    const { chain } = setUp([
      (_, { req_id, call, phase, attempt, answer }) => ({
        reasoning: 'Hm.',
        toolCalls,
        text: `${req_id.length > 0}${call}${phase}${attempt}${answer}`,
      }),
    ]);
    const { result } = await watch(
      chain.use({
        name: 'proof',
        stage: 'call',
        wrap: (next) =>
          async function* (request, context) {
            for await (const batch of next(request, context)) {
              yield batch.map((event) =>
                event.type === 'reasoning' ? { ...event, providerData: { signature: 's' } } : event,
              );
            }
          },
      }),
    );
    expect(result.message).toMatchObject({
      content: [{ type: 'reasoning', text: 'Hm.', providerData: { signature: 's' } }, { type: 'text' }],
      toolCalls,
    });
  });

  it('works with the embedded provider, round by round', async () => {
    const chain = new Chain({ provider: local() }).use(reflect({ maxRounds: 3, verify: true }));
    const said = [
      { role: 'user', content: 'The launch is on Tuesday.' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: 'The launch moves to Wednesday, since Tuesday is a holiday. The room is 4B.' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: 'When is the launch and why, and in which room?' },
    ] as const;
    const { events, result } = await watch(chain, { messages: said });
    const scores = only(events, 'critique').map(({ score }) => score ?? -1);
    expect(scores.every((score) => score >= 0)).toBe(true);
    const [choice] = only(events, 'answer-choice');
    expect(choice?.score).toBe(Math.max(...scores));
    expect(result.text).toContain('Wednesday');
  });
});
