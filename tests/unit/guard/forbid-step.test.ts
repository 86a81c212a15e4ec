import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { ForbidOptions } from '../../../src/persona/guard/forbid-options.ts';
import { forbid } from '../../../src/persona/guard/forbid-step.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { continueAfterCut } from '../../../src/reliability/continue-after-cut.ts';
import { fallback } from '../../../src/reliability/fallback.ts';
import { structured } from '../../../src/structured/structured.ts';
import { FakeClock, providerError, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Please answer.' }] as const;
const MASK = '███';

function chainOf(
  scripts: readonly ScriptSource[],
  options: ForbidOptions = {},
  terms = ['bad word', 'ばか'],
) {
  const provider = scriptedProvider(scripts);
  return { provider, chain: new Chain({ provider }).use(forbid(terms, options)) };
}

async function collect(run: AsyncIterable<ChainEvent>): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

const of = <T extends ChainEvent['type']>(events: readonly ChainEvent[], type: T) =>
  events.filter((event): event is Extract<ChainEvent, { type: T }> => event.type === type);

/** The protocol: one end and one metrics per start, in order. */
function expectProtocol(events: readonly ChainEvent[]): void {
  const frame = events.flatMap((event) => {
    if (event.type === 'attempt-start' || event.type === 'attempt-end')
      return [`${event.type} ${event.call}.${event.attempt}`];
    return event.type === 'metrics' && event.scope === 'call'
      ? [`metrics ${event.call}.${event.attempt}`]
      : [];
  });
  const starts = of(events, 'attempt-start');
  expect(frame).toEqual(
    starts.flatMap(({ call, attempt }) =>
      ['attempt-start', 'attempt-end', 'metrics'].map((name) => `${name} ${call}.${attempt}`),
    ),
  );
  expect(events.at(-1)?.type).toBe('done');
}

describe('mask', () => {
  it.each([
    ['English', ['this is a b', 'ad wo', 'rd, B', 'AD WORD'], `this is a ${MASK}, ${MASK}`],
    ['Japanese', ['それはば', 'かで', 'す。バカ'], `それは${MASK}です。${MASK}`],
  ])('keeps terms out of events, tokens, result and message (%s)', async (_, text, expected) => {
    const { chain } = chainOf([{ text }]);
    const events = await collect(chain.stream({ messages }));
    expect(
      of(events, 'token')
        .map((event) => event.text)
        .join(''),
    ).toBe(expected);
    expectProtocol(events);
    const tokens: string[] = [];
    for await (const token of chain.stream({ messages }).tokens()) tokens.push(token);
    expect(tokens.join('')).toBe(expected);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      text: expected,
      message: { role: 'assistant', content: expected },
      finishReason: 'stop',
    });
  });

  it('tells where and in which phase, by the number of the entry and not by the term', async () => {
    const { chain } = chainOf([{ text: ['a bad ', 'word here'] }]);
    const issues = of(await collect(chain.stream({ messages })), 'issue');
    expect(issues).toEqual([
      expect.objectContaining({
        source: 'forbid',
        code: 'forbidden-term',
        severity: 'warning',
        path: 'forbid[0]',
        phase: 'answer',
        call: 1,
        start: 2,
        end: 10,
      }),
    ]);
    expect(JSON.stringify(issues)).not.toContain('bad word');
  });

  it('gives on the same batch where there is nothing to guard, piece by piece', async () => {
    const { chain } = chainOf([{ text: ['one ', 'two ', 'ば', 'ら'] }]);
    const events = await collect(chain.stream({ messages }));
    expect(of(events, 'token').map(({ text }) => text)).toEqual(['one ', 'two ', 'ばら']);
  });

  it('guards draft, critique and final of a reflection', async () => {
    const { chain } = chainOf([
      'a bad word',
      '{"verdict":"revise","issues":[{"problem":"bad word"}]}',
      'still a bad word',
    ]);
    const events = await collect(chain.use(reflect()).stream({ messages }));
    expect(
      of(events, 'token')
        .map(({ text }) => text)
        .join(''),
    ).not.toContain('bad word');
    expect(of(events, 'issue').map(({ phase, call }) => [phase, call])).toEqual([
      ['draft', 1],
      ['critique', 2],
      ['final', 3],
    ]);
    expectProtocol(events);
  });

  it('does not find a term across attempts, and finds one in each', async () => {
    const clock = new FakeClock();
    const provider = scriptedProvider([
      { text: ['a bad'], error: providerError() },
      { text: [' word and bad word'] },
    ]);
    const chain = new Chain({ provider, clock }).use(forbid(['bad word']));
    const run = collect(chain.stream({ messages }));
    await clock.advance(5000);
    const events = await run;
    expect(
      of(events, 'token')
        .filter(({ attempt }) => attempt === 2)
        .map(({ text }) => text)
        .join(''),
    ).toBe(` word and ${MASK}`);
    expect(of(events, 'issue')).toMatchObject([{ start: 10, end: 18 }]);
  });

  it('finds a term across a cut that is continued', async () => {
    const provider = scriptedProvider([
      { text: ['this is a bad'], error: providerError('truncated', { retryable: false }) },
      ' word.',
    ]);
    const chain = new Chain({ provider }).use(forbid(['bad word'])).use(continueAfterCut());
    const { text } = await chain.stream({ messages }).result();
    expect(text).toBe(`this is a bad${MASK}.`);
  });

  it('starts over with another provider', async () => {
    const other = scriptedProvider(['word, bad word']);
    const { chain } = chainOf([{ text: 'a bad ', error: providerError('server', { retryable: false }) }]);
    const events = await collect(chain.use(fallback([other], { afterText: true })).stream({ messages }));
    const answer = of(events, 'token').filter(({ call }) => call === 2);
    expect(answer.map(({ text }) => text).join('')).toBe(`word, ${MASK}`);
  });

  it('gives out what it held when the stream fails, and when the run is aborted', async () => {
    const { chain } = chainOf([
      { text: 'well, a bad', error: providerError('server', { retryable: false }) },
    ]);
    const failed = chain.stream({ messages });
    await expect(failed.result()).rejects.toMatchObject({ code: 'server' });
    expect(failed.text).toBe('well, a bad');
    const hanging = chainOf([{ text: 'well, a bad', hang: true }]).chain.stream({ messages });
    const events: ChainEvent[] = [];
    for await (const event of hanging) {
      events.push(event);
      if (event.type === 'token') hanging.abort();
    }
    expect(hanging.text).toBe('well, a bad');
  });

  it('guards reasoning, and drops the proof of a thought that it changed', async () => {
    const provider = {
      ...scriptedProvider(['']),
      async *generate(_: unknown, context: Parameters<ReturnType<typeof scriptedProvider>['generate']>[1]) {
        const { req_id, call, phase, attempt, answer } = context;
        const labels = { req_id, call, phase, attempt, answer };
        for (const text of ['so b', 'ad word', ' it is'] as const)
          yield [{ type: 'reasoning', ...labels, text } as const];
        yield [{ type: 'reasoning', ...labels, text: '', providerData: { signature: 's1' } } as const];
        yield [{ type: 'reasoning', ...labels, text: 'fine', providerData: { signature: 's2' } } as const];
        yield [{ type: 'token', ...labels, text: 'ok' } as const];
        yield [
          {
            type: 'attempt-end',
            ...labels,
            outcome: 'completed',
            finishReason: 'stop',
            vendorReason: null,
            usage: null,
            retryable: null,
            delayMs: null,
            superseded: false,
          } as const,
        ];
      },
    };
    const run = new Chain({ provider }).use(forbid(['bad word'])).stream({ messages });
    const events = await collect(run);
    expect(
      of(events, 'reasoning')
        .map(({ text }) => text)
        .join(''),
    ).toBe(`so ${MASK} it isfine`);
    expect(JSON.stringify(run.message)).not.toContain('s1');
    expect(of(events, 'issue')).toMatchObject([{ code: 'forbidden-term-in-reasoning' }]);
    const open = new Chain({ provider }).use(forbid(['bad word'], { reasoning: false })).stream({ messages });
    expect(
      of(await collect(open), 'reasoning')
        .map(({ text }) => text)
        .join(''),
    ).toContain('bad word');
  });

  it('masks values of tool calls, and leaves JSON that is JSON', async () => {
    const call = (json: string) => ({ toolCalls: [{ id: '1', name: 'post', arguments: json }] });
    const { chain } = chainOf(
      [call('{"text":"a b\\u0061d word","n":5,"bad word":true}'), call('{ "x": 1.50 }')],
      {},
      ['bad word', '5'],
    );
    const masked = await chain.stream({ messages }).result();
    expect(JSON.parse(masked.toolCalls[0]?.arguments ?? '')).toEqual({
      text: `a ${MASK}`,
      n: MASK,
      [MASK]: true,
    });
    const { chain: untouched } = chainOf([call('{ "x": 1.50 }')]);
    expect((await untouched.stream({ messages }).result()).toolCalls[0]?.arguments).toBe('{ "x": 1.50 }');
  });

  it('keeps terms out of an object, also where JSON escapes them', async () => {
    const { chain } = chainOf([{ text: ['{"say":"a b\\u00', '61d word", "n":1}'] }]);
    const { object, text } = await chain
      .use(structured(z.object({ say: z.string(), n: z.number() })))
      .stream({ messages })
      .result();
    expect(object).toEqual({ say: `a ${MASK}`, n: 1 });
    expect(text).not.toContain('word');
  });

  it('tells at most a hundred findings one by one', async () => {
    const { chain } = chainOf([{ text: 'bad word '.repeat(500) }]);
    const issues = of(await collect(chain.stream({ messages })), 'issue');
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.message).toContain('400 more');
  });
});

describe('report', () => {
  it('lets everything through at once, and tells of it', async () => {
    const { chain } = chainOf([{ text: ['a b', 'ad word'] }], { action: 'report' });
    const events = await collect(chain.stream({ messages }));
    expect(of(events, 'token').map(({ text }) => text)).toEqual(['a b', 'ad word']);
    expect(of(events, 'issue')).toMatchObject([{ start: 2, end: 10 }]);
  });
});

describe('stop', () => {
  it('ends the answer before it, cancels the upstream request, and says content-filter', async () => {
    const { provider, chain } = chainOf([{ text: ['Before. A b', 'ad word', ' after'], hang: true }], {
      action: 'stop',
    });
    const events = await collect(chain.stream({ messages }));
    expect(
      of(events, 'token')
        .map(({ text }) => text)
        .join(''),
    ).toBe('Before. A ');
    expect(of(events, 'attempt-end')).toMatchObject([
      { outcome: 'completed', finishReason: 'content-filter', superseded: false },
    ]);
    expect(of(events, 'done')).toMatchObject([{ finishReason: 'content-filter' }]);
    expectProtocol(events);
    expect(provider.open).toBe(0);
  });

  it('makes a stopped draft the answer of a reflection', async () => {
    const { chain } = chainOf(['Fine so far, bad word'], { action: 'stop' });
    const result = await chain.use(reflect()).stream({ messages }).result();
    expect(result).toMatchObject({
      text: 'Fine so far, ',
      finishReason: 'content-filter',
      metrics: { calls: 1 },
    });
  });

  it('withholds a tool call, and a term that ends with the text', async () => {
    const { chain } = chainOf(
      [{ text: 'I call', toolCalls: [{ id: '1', name: 'x', arguments: '"bad word"' }] }],
      { action: 'stop' },
    );
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      toolCalls: [],
      finishReason: 'content-filter',
    });
    const late = chainOf(['ends with cat'], { action: 'stop' }, ['/\\bcat\\b/']);
    await expect(late.chain.stream({ messages }).result()).resolves.toMatchObject({
      text: 'ends with ',
      finishReason: 'content-filter',
    });
  });
});

describe('retry', () => {
  it.each([
    ['English', 'Please answer.', 'A bad word', 'A good one.', /discarded.*\n~+ forbidden\n- bad word/],
    ['Japanese', '答えてください。', 'それはばかです', 'それはよいです。', /破棄.*\n~+ forbidden\n- ばか/],
  ])('asks once more and tells the model (%s)', async (_, question, first, second, note) => {
    const { provider, chain } = chainOf([first, second], { action: 'retry' });
    const run = chain.stream({ messages: [{ role: 'user', content: question }] });
    const events = await collect(run);
    expect(run.text).toBe(second);
    expect(of(events, 'attempt-end')).toMatchObject([
      { call: 1, outcome: 'aborted', finishReason: 'content-filter', superseded: true, delayMs: 0 },
      { call: 2, outcome: 'completed', finishReason: 'stop' },
    ]);
    expectProtocol(events);
    expect(provider.requests[1]?.messages.at(-1)).toMatchObject({
      role: 'user',
      content: expect.stringMatching(note) as string,
    });
  });

  it('masks what comes again', async () => {
    const { provider, chain } = chainOf(['bad word', 'again bad word'], { action: 'retry' });
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      text: `again ${MASK}`,
      metrics: { calls: 2 },
    });
    expect(provider.requests).toHaveLength(2);
  });

  it('masks where text was handed out by tokens(), and asks again where none was', async () => {
    const tokensOf = async (scripts: readonly ScriptSource[]) => {
      const tokens: string[] = [];
      for await (const token of chainOf(scripts, { action: 'retry' }).chain.stream({ messages }).tokens())
        tokens.push(token);
      return tokens.join('');
    };
    await expect(tokensOf([{ text: ['Shown. ', 'A bad word, more'] }, 'other'])).resolves.toBe(
      `Shown. A ${MASK}, more`,
    );
    await expect(tokensOf([{ text: ['bad word', 'x'] }, 'other'])).resolves.toBe('other');
  });
});

describe('input and options', () => {
  it('reports what the user says, once a run, and does not change it', async () => {
    const { provider, chain } = chainOf(['fine', '{"verdict":"approve","issues":[]}']);
    const said = [{ role: 'user', content: 'Say bad word!' }] as const;
    const events = await collect(chain.use(reflect()).stream({ messages: said }));
    expect(of(events, 'issue')).toMatchObject([
      { code: 'forbidden-term-in-input', severity: 'info', path: 'messages[0]', start: 4, end: 12 },
    ]);
    expect(JSON.stringify(provider.requests[0])).toContain('bad word');
    const silent = chainOf(['fine'], { input: false });
    expect(of(await collect(silent.chain.stream({ messages: said })), 'issue')).toEqual([]);
  });

  it('takes a persona, also one that forbids nothing', async () => {
    const provider = scriptedProvider(['a bad word']);
    const guarded = new Chain({ provider }).use(forbid({ name: 'x', forbid: ['BAD WORD'] }));
    expect((await guarded.stream({ messages }).result()).text).toBe(`a ${MASK}`);
    expect(
      (
        await new Chain({ provider })
          .use(forbid({ name: 'x' }))
          .stream({ messages })
          .result()
      ).text,
    ).toBe('a bad word');
  });

  it.each([
    [() => forbid('bad' as never)],
    [() => forbid([''])],
    [() => forbid([5 as never])],
    [() => forbid(null as never)],
    [() => forbid(['a'], { action: 'delete' as never })],
    [() => forbid(['a'], { holdLimit: 3 })],
    [() => forbid(['a'], { holdLimit: Number.NaN })],
    [() => forbid(['a'], { mask: '' })],
  ])('refuses bad input %#', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  });

  it.each([
    [['ok', '/(?=x)y/'], 'invalid-persona', 'forbid[1]'],
    [['█'], 'invalid-input', 'mask'],
  ] as const)('throws at the run what is wrong with %j', async (terms, code, word) => {
    const { provider, chain } = chainOf(['x'], {}, [...terms]);
    await expect(chain.stream({ messages }).result()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(word) as string,
    });
    expect(provider.requests).toEqual([]);
  });
});
