import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent, Phase } from '../../../src/event.ts';
import { local } from '../../../src/local/index.ts';
import type { Message } from '../../../src/message.ts';
import { readCritique } from '../../../src/reflect/read-critique.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import type { ChatRequest } from '../../../src/request.ts';
import { FakeClock, scriptedProvider } from '../../../src/testing/index.ts';
import { termsOf } from '../../../src/text/words.ts';
import { example, sentencesOfAnswer } from './conversations.ts';

async function answer(request: ChatRequest): Promise<string> {
  return (await new Chain({ provider: local() }).stream(request).result()).text;
}

async function reflection(request: ChatRequest) {
  const texts = { answer: '', draft: '', critique: '', revision: '', final: '', prethought: '', summary: '' };
  texts satisfies Record<Phase, string>;
  for await (const event of new Chain({ provider: local() }).use(reflect()).stream(request)) {
    if (event.type === 'token') texts[event.phase] += event.text;
  }
  return texts;
}

const ask = (messages: readonly Message[], question: string): ChatRequest => ({
  messages: [...messages, { role: 'user', content: question }],
});
const launch = example('launch-week');
const kaigi = example('kaigi');

describe('local: what it answers', () => {
  it('finds what was decided and not what was only proposed', async () => {
    const text = await answer(ask(launch.messages, launch.question));
    expect(text).toMatch(/^From the conversation:\n\n- /);
    for (const fact of [
      'Kenji decides on a rollback',
      'Tomasz decides',
      'payments.wren_share',
      '1.8 %',
      '200 attempts',
      'WR-402',
      'inns get paid twice',
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toContain('I decide, at 3 %');
  });

  it('answers a Japanese question in Japanese', async () => {
    const text = await answer(ask(launch.messages, launch.questionJa ?? ''));
    expect(text).toMatch(/^この会話から：\n\n- /);
    for (const fact of [
      '16時30分',
      'Heronには戻さない',
      'payments.pay_at_inn',
      '翌朝9時に佐藤さんと荒川さんの二人で決める',
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('gives the later date, the reason, and who decides', async () => {
    const text = await answer(ask(kaigi.messages, kaigi.question));
    for (const fact of [
      '11月21日（土）に変えました',
      '法定点検',
      '金曜の20時30分から土曜の16時まで',
      '村上さんが判断する',
      '19時まで延長する',
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('takes the later of two statements that contradict each other', async () => {
    const messages: Message[] = [
      { role: 'user', content: 'The budget for the garden party is 400 euros.' },
      { role: 'assistant', content: 'Noted.' },
      { role: 'user', content: 'The budget for the garden party is now 650 euros.' },
    ];
    const { final } = await reflection(ask(messages, 'What is the budget for the garden party?'));
    expect(sentencesOfAnswer(final)).toEqual(['The budget for the garden party is now 650 euros.']);
  });

  it('names speakers by name where they have one', async () => {
    const messages: Message[] = [
      { role: 'user', name: 'Mara', content: 'Mara: The key is under the blue pot.' },
    ];
    expect(await answer(ask(messages, 'Where is the key?'))).toBe(
      'From the conversation:\n\n- The key is under the blue pot. (Mara)',
    );
  });

  it('answers from a long message that ends in a question', async () => {
    const filler = 'The river is wide and the boats are slow in this season. '.repeat(30);
    const text = await answer({
      messages: [
        {
          role: 'user',
          content: `${filler}The museum opens at 10:30 on Sundays. ${filler}\nWhen does the museum open?`,
        },
      ],
    });
    expect(sentencesOfAnswer(text)[0]).toBe('The museum opens at 10:30 on Sundays.');
  });

  it.each([
    [{ messages: [{ role: 'user', content: '' }] }, 'holds nothing'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', image: 'https://example.org/a.png' }] }] },
      'holds nothing',
    ],
    [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'holds nothing'],
    [ask([{ role: 'user', content: 'It rains.' }], '庭の広さは？'), '答える発言がありません'],
    [
      ask(
        [
          { role: 'tool', toolCallId: 'x', content: [] },
          { role: 'assistant', content: [] },
        ],
        '?',
      ),
      'holds nothing',
    ],
  ] satisfies [ChatRequest, string][])('says so where there is nothing: %#', async (request, expected) => {
    const result = await new Chain({ provider: local() }).stream(request).result();
    expect(result.text).toContain(expected);
    expect(result.finishReason).toBe('stop');
  });
});

describe('local: what always holds', () => {
  const words = [
    'rollback',
    'Kenji',
    'decides',
    '16:30',
    'because',
    'the',
    'budget',
    'is',
    '400',
    '移転',
    '日は',
    '11月21日',
    '理由は',
    '予算',
    'です',
    '`flag`',
    '~~~~',
    '- ',
    '\n',
    '。',
    '. ',
    '? ',
    'なぜ',
    'who',
    'when',
    ' ',
  ];
  const text = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join(' '));
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.record({ role: fc.constant('user'), content: text }),
    fc.record({ role: fc.constant('assistant'), content: text }),
    fc.record({ role: fc.constant('tool'), content: text, toolCallId: fc.constant('c') }),
  );

  it('says nothing that does not stand in the conversation, in any phase, and always the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 8 }), text, async (messages, question) => {
        const request = ask(messages, question);
        const { draft, final } = await reflection(request);
        const said = [...messages.map(({ content }) => content as string), question].join('\n');
        for (const sentence of [...sentencesOfAnswer(draft), ...sentencesOfAnswer(final)])
          expect(said).toContain(sentence);
        expect(await reflection(request)).toMatchObject({ draft, final });
      }),
      { numRuns: 150 },
    );
  });

  it('never says a forbidden term, wherever the ban stands', async () => {
    const bans: ((term: string) => Partial<ChatRequest> & { readonly system?: string })[] = [
      (term) => ({ providerOptions: { local: { forbid: [term] } } }),
      (term) => ({ system: `Never use these words:\n- ${term}\n- delve` }),
      (term) => ({ system: `Do not say "${term}".` }),
      (term) => ({ system: `次の語を使わない：${term}、なるほど` }),
      (term) => ({ system: `~~~~ forbidden\n- ${term}\n~~~~` }),
      (term) => ({ system: `~~~~ 禁止語\n- ${term}\n~~~~` }),
    ];
    const terms = fc.constantFrom(
      'rollback',
      'KENJI',
      '移転',
      'the',
      '１１月',
      'conversation',
      '会話',
      'user',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        text,
        terms,
        fc.constantFrom(...bans),
        async (messages, question, term, ban) => {
          const { system, ...rest } = ban(term);
          const all: Message[] =
            system === undefined ? messages : [{ role: 'system', content: system }, ...messages];
          const { draft, final } = await reflection({ ...ask(all, question), ...rest });
          for (const said of [draft, final])
            expect(said.normalize('NFKC').toLowerCase()).not.toContain(term.normalize('NFKC').toLowerCase());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('looks at each sentence a bounded number of times, whatever the length of the conversation', async () => {
    let reads = 0;
    const sized = (count: number): Message[] =>
      Array.from({ length: count }, (_, at) => ({
        role: 'user' as const,
        get content() {
          reads += 1;
          return `In week ${at} the budget of team ${at % 7} was ${at * 3} euros.`;
        },
      }));
    const readsOf = async (count: number): Promise<number> => {
      const request = ask(sized(count), 'What was the budget of team 3?');
      const context = { phase: 'answer', signal: new AbortController().signal, clock: new FakeClock() };
      reads = 0;
      for await (const _ of local().generate(request, context as never));
      return reads / count;
    };
    expect(await readsOf(4000)).toBe(await readsOf(40));
  });
});

const coverage = (question: string, text: string): number => {
  const said = new Set(termsOf(text));
  return new Set(termsOf(question).filter((term) => said.has(term))).size;
};

describe('local: reflection', () => {
  it.each([
    ['launch-week', launch.question, launch.messages],
    ['launch-week in Japanese', launch.questionJa ?? '', launch.messages],
    ['kaigi', kaigi.question, kaigi.messages],
  ])('improves its draft: %s', async (_, question, messages) => {
    const { draft, critique, final } = await reflection(ask(messages, question));
    expect(readCritique(critique).verdict).toBe('revise');
    expect(readCritique(critique).issues.length).toBeGreaterThan(1);
    expect(coverage(question, final)).toBeGreaterThanOrEqual(coverage(question, draft));
    expect(sentencesOfAnswer(final).length).toBeGreaterThan(sentencesOfAnswer(draft).length);
  });

  it('approves what it would not say better', async () => {
    const messages: Message[] = [{ role: 'user', content: 'The wifi password is `heron-22`.' }];
    const provider = local();
    const events: ChainEvent[] = [];
    for await (const event of new Chain({ provider })
      .use(reflect())
      .stream(ask(messages, 'What is the wifi password?')))
      events.push(event);
    expect(events.filter(({ type }) => type === 'attempt-start')).toHaveLength(2);
  });

  it('finds forbidden terms, repetitions and lack of answers in a draft that another provider wrote', async () => {
    const draft =
      '- The launch is on Friday.\n- The launch is on Friday.\n- Great question about launch snacks!';
    const critic = { critique: { provider: local() }, final: { provider: local() } };
    const chain = new Chain({ provider: scriptedProvider([draft]) }).use(reflect(critic));
    const messages: Message[] = [
      { role: 'system', content: 'Never say "great question".' },
      { role: 'user', content: 'We moved the launch to Tuesday, as Dario is away on Friday.' },
    ];
    let critique = '';
    const run = chain.stream(ask(messages, 'On which day is the launch?'));
    for await (const event of run)
      if (event.type === 'token' && event.phase === 'critique') critique += event.text;
    expect(readCritique(critique).issues.map(({ quote }) => quote)).toEqual([
      'Great question about launch snacks!',
      'We moved the launch to Tuesday, as Dario is away on Friday.',
      'The launch is on Friday.',
    ]);
    expect(run.text).toContain('We moved the launch to Tuesday');
    expect(run.text).not.toContain('Great question');
  });

  it.each([
    [
      'Stay under 60 words.',
      launch.question,
      launch.messages,
      (text: string) => text.split(/\s+/).length <= 60,
    ],
    ['全体で百字以内に収める。', kaigi.question, kaigi.messages, (text: string) => text.length <= 100],
  ] as const)(
    'keeps the length that a system message sets: %s',
    async (rule, question, conversation, fits) => {
      const { final } = await reflection(ask([{ role: 'system', content: rule }, ...conversation], question));
      expect(sentencesOfAnswer(final).length).toBeGreaterThan(0);
      expect(fits(final)).toBe(true);
      expect(fits((await reflection(ask(conversation, question))).final)).toBe(false);
    },
  );
});

describe('local: streaming', () => {
  const request = ask(launch.messages, launch.question);

  it('stops at the length it is given', async () => {
    const result = await new Chain({ provider: local() })
      .stream({ ...request, maxOutputTokens: 20 })
      .result();
    expect(result.finishReason).toBe('length');
    expect(result.metrics.token_out).toBeLessThanOrEqual(24);
    expect((await answer(request)).startsWith(result.text)).toBe(true);
  });

  it('obeys the signal at every piece', async () => {
    const run = new Chain({ provider: local() }).stream(request);
    let pieces = 0;
    for await (const event of run) {
      if (event.type !== 'token') continue;
      pieces += 1;
      if (pieces === 3) run.abort();
    }
    expect(pieces).toBeLessThanOrEqual(4);
    expect((await run.result()).finishReason).toBe('aborted');
  });

  it('writes at the pace it is asked to, on the clock of the run', async () => {
    const clock = new FakeClock();
    const run = new Chain({ provider: local({ tokensPerSecond: 10 }), clock }).stream(request);
    const result = run.result();
    await clock.advance(1000);
    const early = run.text.length;
    expect(early).toBeGreaterThan(0);
    await clock.advance(1000);
    expect(run.text.length).toBeGreaterThan(early);
    run.abort();
    await clock.advance(0);
    expect((await result).finishReason).toBe('aborted');
    expect(clock.pending).toBe(0);
  });

  it('says that it is no language model, and that its figures are estimates', async () => {
    expect(local()).toMatchObject({ name: 'local', model: 'extractive-1', isLanguageModel: false });
    const { metrics } = await new Chain({ provider: local() }).stream(request).result();
    expect(metrics.estimated).toBe(true);
    expect(metrics.token_in).toBeGreaterThan(5000);
  });
});
