import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readQuoted } from '../../../src/quote.ts';
import { interleave } from '../../../src/reflect/interleave.ts';
import { providerError, type ScriptSource } from '../../../src/testing/index.ts';
import {
  advanceUntil,
  answersOf,
  byPhase,
  critique,
  driven,
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

/** A critic that scores a draft by the number it holds. */
const byNumber: ScriptSource = (request) => {
  const score = Number(/\d+/.exec(readQuoted('draft', lastText(request)) ?? '')?.[0] ?? 0);
  return critique('revise', score, `Only ${score}.`);
};
const failing = { error: providerError('server') };

describe('reflect: drafts in parallel', () => {
  it('streams them interleaved and labelled, judges each, and mends the best', async () => {
    const { chain, provider, clock } = setUp(
      byPhase({
        draft: [
          { text: ['draft ', '2'], delayMs: 10 },
          { text: ['draft ', '7'], delayMs: 11 },
          { text: ['draft ', '4'], delayMs: 12 },
        ],
        critique: [byNumber],
        final: ['mended'],
      }),
      { drafts: 3 },
    );
    const { events, result } = await driven(clock, watch(chain));
    const calls = only(events, 'token').flatMap(({ phase, call }) => (phase === 'draft' ? [call] : []));
    expect(calls).toEqual([1, 2, 3, 1, 2, 3]);
    expect(phasesOf(events)).toEqual([
      'draft',
      'draft',
      'draft',
      'critique',
      'critique',
      'critique',
      'final',
    ]);
    const texts = new Map<number, string>();
    for (const { phase, call, text } of only(events, 'token'))
      if (phase === 'draft') texts.set(call, (texts.get(call) ?? '') + text);
    expect([...texts.values()]).toEqual(['draft 2', 'draft 7', 'draft 4']);
    expect(readQuoted('draft', lastText(provider.requests.at(-1)))).toBe('draft 7');
    expect(readQuoted('issues', lastText(provider.requests.at(-1)))).toContain('Only 7.');
    expect(result).toMatchObject({ text: 'mended', metrics: { calls: 7 } });
  });

  it('only chooses, with 0 rounds', async () => {
    const { chain } = setUp(byPhase({ draft: ['2', '7', '4'], critique: [byNumber] }), {
      drafts: 3,
      maxRounds: 0,
    });
    const { events } = await watch(chain);
    expect(answersOf(events)).toBe('7');
    expect(only(events, 'answer-choice')).toMatchObject([
      { call: 2, why: 'best-score', score: 0.7, rounds: 0, candidates: [{}, {}, {}] },
    ]);
  });

  it('aborts the others as soon as one is approved, also while they stream', async () => {
    const { chain, provider, clock } = setUp(
      byPhase({ draft: [{ text: 'slow', hang: true }, 'quick'], critique: [critique('approve', 9)] }),
      { drafts: 2 },
    );
    const { events, result } = await watch(chain);
    expect(result).toMatchObject({ text: 'quick', finishReason: 'stop' });
    expect(only(events, 'attempt-end').map(({ call, outcome }) => [call, outcome])).toEqual([
      [2, 'completed'],
      [3, 'completed'],
      [1, 'aborted'],
    ]);
    expect(only(events, 'metrics').filter(({ scope }) => scope === 'call')).toHaveLength(3);
    expect(issuesOf(events)).toEqual([]);
    expect([provider.open, clock.pending]).toEqual([0, 0]);
  });

  it('lets the others write on while they can still win', async () => {
    const { chain } = setUp(byPhase({ draft: ['3', '8'], critique: [byNumber], final: ['x'] }), {
      drafts: 2,
      approve: false,
    });
    expect(phasesOf((await watch(chain)).events)).toEqual([
      'draft',
      'draft',
      'critique',
      'critique',
      'final',
    ]);
    const perfect = setUp(
      byPhase({ draft: ['10', { text: 'slow', hang: true }], critique: [byNumber], final: ['x'] }),
      { drafts: 2, approve: false },
    );
    expect((await watch(perfect.chain)).result.text).toBe('x');
  });

  it('sends each draft a seed of its own', async () => {
    const { chain, provider } = setUp(byPhase({ draft: ['1', '2'], critique: [critique('approve')] }), {
      drafts: 2,
    });
    await watch(chain, { seed: 7 });
    expect(provider.requests.slice(0, 2).map(({ seed }) => seed)).toEqual([7, 8]);
  });

  it('judges by scorers', async () => {
    const { chain } = setUp(byPhase({ draft: ['June', 'July 9', 'June 10'] }), {
      drafts: 3,
      maxRounds: 0,
      critique: { scorers: [wants('June'), wants('10')] },
    });
    const { events, result } = await watch(chain);
    expect(result.text).toBe('June 10');
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'approved', score: 1 }]);
  });

  it('answers with nothing where all drafts are empty, without a critique', async () => {
    const { chain } = setUp(byPhase({ draft: ['', ' ', ''] }), { drafts: 3 });
    const { events, result } = await watch(chain);
    expect(phasesOf(events)).toEqual(['draft', 'draft', 'draft']);
    expect(result.text.trim()).toBe('');
    expect(only(events, 'answer-choice')).toMatchObject([{ why: 'not-judged', candidates: [{}, {}, {}] }]);
  });

  it('takes one with text over one that is empty or refused', async () => {
    const { chain } = setUp(
      byPhase({
        draft: ['', { text: 'I will not.', finishReason: 'refusal' }, 'June 10'],
        critique: [critique('approve', 9)],
      }),
      { drafts: 3 },
    );
    expect((await watch(chain)).result.text).toBe('June 10');
  });

  it('hands on the tools that one of them asks for', async () => {
    const toolCalls = [{ id: 'c', name: 'look', arguments: '{}' }];
    const { chain, provider } = setUp(byPhase({ draft: [{ text: 'x', hang: true }, { toolCalls }] }), {
      drafts: 2,
    });
    const { result } = await watch(chain);
    expect(result).toMatchObject({ finishReason: 'tool-calls', toolCalls: [{ id: 'c' }] });
    expect(provider.open).toBe(0);
  });

  it('goes on with those that did not fail, and throws where all did', async () => {
    const { chain } = setUp(byPhase({ draft: [failing, '7'], critique: [byNumber], final: ['x'] }), {
      drafts: 2,
    });
    const { events, result } = await watch(chain);
    expect([result.text, issuesOf(events)]).toEqual(['x', ['draft-failed']]);
    const all = setUp(byPhase({ draft: [failing] }), { drafts: 2 });
    await expect(watch(all.chain)).rejects.toMatchObject({ code: 'server' });
    const strict = setUp(byPhase({ draft: [failing, { text: 'x', hang: true }] }), {
      drafts: 2,
      onFailure: 'throw',
    });
    await expect(watch(strict.chain)).rejects.toMatchObject({ code: 'server' });
    expect(strict.provider.open).toBe(0);
  });

  it('goes on with those whose critique did not fail, and takes the first where all did', async () => {
    const one = setUp(byPhase({ draft: ['9', '7'], critique: [failing, byNumber], final: ['x'] }), {
      drafts: 2,
    });
    const { events, result } = await watch(one.chain);
    expect([result.text, issuesOf(events)]).toEqual(['x', ['critique-failed']]);
    expect(readQuoted('draft', lastText(one.provider.requests.at(-1)))).toBe('7');
    const all = setUp(byPhase({ draft: ['9', '7'], critique: [failing] }), { drafts: 2 });
    const failed = await watch(all.chain);
    expect(failed.result.text).toBe('9');
    expect(only(failed.events, 'answer-choice')).toMatchObject([{ why: 'failed' }]);
  });

  it('throws what the caller did wrong in a prompt of its own, and leaves no draft open', async () => {
    const mistake = new TypeError('mine');
    const prompt = () => {
      throw mistake;
    };
    const { chain, provider } = setUp(byPhase({ draft: ['1', { text: 'x', hang: true }] }), {
      drafts: 2,
      critique: { prompt },
    });
    await expect(watch(chain)).rejects.toBe(mistake);
    expect(provider.open).toBe(0);
  });

  it.each(['events', 'tokens'] as const)(
    'cancels all of them when the reader of %s leaves',
    async (reader) => {
      const hanging = { text: ['a', 'b'], delayMs: 5, hang: true };
      const { chain, provider, clock } = setUp(byPhase({ draft: [hanging] }), { drafts: 4 });
      const run = chain.stream({ messages });
      const items: AsyncIterator<unknown> = reader === 'events' ? run[Symbol.asyncIterator]() : run.tokens();
      const result = run.result();
      // As many as there are before the first text: run-start, step-start, and an attempt-start for each draft.
      if (reader === 'events') for (let seen = 0; seen < 6; seen++) await items.next();
      const pending = items.next();
      await advanceUntil(clock, () => provider.open === 4);
      expect(provider.open).toBe(4);
      await items.return?.();
      await pending;
      expect(provider.open).toBe(0);
      expect(clock.pending).toBe(0);
      expect(await result).toMatchObject({
        finishReason: 'aborted',
        text: '',
        metrics: { calls: 4, attempts: 4 },
      });
    },
  );

  it('accounts for every call when it is aborted', async () => {
    const { chain } = setUp(byPhase({ draft: [{ text: 'a', hang: true }] }), { drafts: 3 });
    const run = chain.stream({ messages });
    const types: string[] = [];
    let tokens = 0;
    for await (const event of run) {
      types.push(event.type);
      if (event.type === 'token' && ++tokens === 3) run.abort();
    }
    expect(types.filter((type) => type === 'attempt-end')).toHaveLength(3);
    expect(types.filter((type) => type === 'metrics')).toHaveLength(4);
  });

  it('gives a reader of tokens the chosen text and nothing of the others', async () => {
    const { chain } = setUp(byPhase({ draft: ['2', '7'], critique: [byNumber] }), {
      drafts: 2,
      maxRounds: 0,
    });
    expect(await tokensOf(chain)).toEqual(['7']);
  });
});

describe('interleave', () => {
  it('gives every item of every lane, each lane in its order, whatever the timing', async () => {
    const lane = async function* (id: number, waits: readonly number[]) {
      for (const [index, ticks] of waits.entries()) {
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
        yield [id, index] as const;
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat({ max: 4 }), { maxLength: 6 }), { maxLength: 5 }),
        async (plan) => {
          const seen = plan.map(() => 0);
          const lanes = plan.map((waits, id) => lane(id, waits));
          for await (const [id, index] of interleave(lanes, () => undefined)) {
            expect(index).toBe(seen[id]);
            seen[id] = index + 1;
          }
          expect(seen).toEqual(plan.map((waits) => waits.length));
        },
      ),
    );
  });
});
