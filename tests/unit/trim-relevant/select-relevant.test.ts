import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { RelevantUnit } from '../../../src/trim/relevant/relevant-unit.ts';
import { UnitIndex } from '../../../src/trim/relevant/unit-index.ts';
import {
  selectRelevant,
  type RelevantSelection,
  type SelectRelevantOptions,
} from '../../../src/trim/select-relevant.ts';

/** One token a word, or a character where there are no spaces. */
const wordsOf = (text: string): number =>
  /[\u3000-\uffff]/.test(text) ? text.length : text.split(/\s+/).filter(Boolean).length;

type Asked = Omit<SelectRelevantOptions, 'countTokens'> & { readonly costs?: readonly number[] };

function select({ costs, ...options }: Asked): RelevantSelection {
  return selectRelevant({
    ...options,
    countTokens: (unit) => costs?.[unit] ?? wordsOf(options.units[unit]?.text ?? ''),
  });
}

const chat = (...lines: string[]): RelevantUnit[] =>
  lines.map((text, place) => ({ text, role: place % 2 === 0 ? 'user' : 'assistant' }));

/** Small talk on other things, so that an answer has something to be found in. */
const SMALL_TALK = [
  'The weather has been awful all week',
  'Same here it keeps on raining',
  'I watched a film about space last night',
  'Was it any good',
  'Not really but the music was nice',
  'I have so many meetings today',
  'Drink some coffee and breathe',
  'My bike needs new brakes',
];

const NOISE = Array.from(
  { length: 40 },
  (_, place) => `${SMALL_TALK[place % SMALL_TALK.length] ?? ''} number ${place}`,
);

const TEXTS = [
  'Anna bought a camera',
  'Where?',
  'In Lisbon, for 240 euros',
  'ok',
  '',
  '🎉🎉',
  'カメラを買いました',
  '測量の予算は？',
  'Always answer in English',
];
const unit = fc.record({
  text: fc.constantFrom(...TEXTS, 'word '.repeat(50)),
  role: fc.constantFrom('user' as const, 'assistant' as const),
  name: fc.constantFrom(undefined, 'Anna', 'Ben'),
  mustKeep: fc.boolean(),
});
// No text costs less than a third of its rough size: on that it rests that the exact counts can wait.
const conversation = fc.array(fc.record({ unit, cost: fc.integer({ min: 24, max: 84 }) }), { maxLength: 30 });
const query = fc.constantFrom(
  'What did Anna buy?',
  'カメラはいくらでしたか',
  '',
  'When did I go?',
  'zebra',
  'summarize',
);

describe('what always holds', () => {
  it('is never over budget, but by what must be kept', () => {
    fc.assert(
      fc.property(conversation, query, fc.nat(400), fc.nat(6), (rows, asked, budgetTokens, newest) => {
        const units = rows.map((row) => row.unit);
        const costs = rows.map((row) => row.cost);
        const { kept, tokens } = select({ units, costs, query: asked, budgetTokens, newest });
        const must = rows.filter((row) => row.unit.mustKeep);
        const mustCost = must.reduce((sum, row) => sum + row.cost, 0);
        expect(tokens).toBe(kept.reduce((sum, place) => sum + (costs[place] ?? 0), 0));
        expect(tokens).toBeLessThanOrEqual(Math.max(budgetTokens, mustCost));
        expect(kept).toEqual([...kept].toSorted((one, other) => one - other));
        expect(new Set(kept).size).toBe(kept.length);
        const mustKeep = units.flatMap((one, place) => (one.mustKeep ? [place] : []));
        expect(mustKeep.filter((place) => !kept.includes(place))).toEqual([]);
      }),
    );
  });

  it('keeps everything where everything fits, and so changes nothing the second time', () => {
    fc.assert(
      fc.property(conversation, query, fc.nat(400), (rows, asked, budgetTokens) => {
        const units = rows.map((row) => row.unit);
        const costs = rows.map((row) => row.cost);
        const total = costs.reduce((sum, cost) => sum + cost, 0);
        expect(select({ units, costs, query: asked, budgetTokens: total }).kept).toHaveLength(units.length);
        const once = select({ units, costs, query: asked, budgetTokens });
        const again = select({
          units: once.kept.flatMap((at) => units[at] ?? []),
          costs: once.kept.map((at) => costs[at] ?? 0),
          query: asked,
          budgetTokens,
        });
        expect(again.kept).toHaveLength(once.kept.length);
      }),
    );
  });

  it('gives the same for equal units that are other objects, and with an index of any past', () => {
    fc.assert(
      fc.property(conversation, conversation, query, fc.nat(400), (rows, past, asked, budgetTokens) => {
        const units = rows.map((row) => row.unit);
        const costs = rows.map((row) => row.cost);
        const fresh = select({ units, costs, query: asked, budgetTokens });
        const index = new UnitIndex();
        index.sync(past.map((row) => row.unit));
        select({
          units: units.slice(0, units.length >> 1),
          costs,
          query: 'Anna camera',
          budgetTokens,
          index,
        });
        const warm = select({ units: structuredClone(units), costs, query: asked, budgetTokens, index });
        expect(warm.kept).toEqual(fresh.kept);
        expect([...warm.scores]).toEqual([...fresh.scores]);
      }),
    );
  });

  it('counts a unit once at most, and few of a long conversation', () => {
    const units = chat(
      ...Array.from({ length: 5000 }, (_, place) => `${SMALL_TALK[place % 8] ?? ''} number ${place}`),
      'My camera cost 240 euros',
    );
    const counted = new Map<number, number>();
    const countTokens = (place: number): number => {
      counted.set(place, (counted.get(place) ?? 0) + 1);
      return wordsOf(units[place]?.text ?? '');
    };
    const { kept } = selectRelevant({
      units,
      query: 'What did my camera cost?',
      budgetTokens: 200,
      countTokens,
    });
    expect(kept).toContain(5000);
    expect(Math.max(...counted.values())).toBe(1);
    expect(counted.size).toBeLessThan(300);
  });
});

describe('what is kept', () => {
  it('keeps an old answer that a window of the last messages loses', () => {
    const units = chat('My camera cost 240 euros in Lisbon', 'Nice one', ...NOISE);
    expect(select({ units, query: 'What did I pay for the camera?', budgetTokens: 40 }).kept).toContain(0);
  });

  it('keeps an answer that shares no word with the question, beside a message that does', () => {
    const units = chat(
      ...NOISE.slice(0, 20),
      'We finally have a puppy',
      'What is the name of the dog?',
      'Biscuit, she sleeps on my bed',
      ...NOISE.slice(20),
    );
    expect(select({ units, query: "What is the name of the user's dog?", budgetTokens: 50 }).kept).toContain(
      22,
    );
  });

  it('finds a related word where the question names the kind of thing', () => {
    const units = chat(...NOISE.slice(0, 20), 'Our puppy ran through the park', ...NOISE.slice(20));
    expect(select({ units, query: 'Do I have a pet?', budgetTokens: 30 }).kept).toContain(20);
  });

  it.each([
    ['Japanese', '測量に使うカメラは二十四万円でした', 'カメラの値段はいくらでしたか'],
    ['Chinese', '我昨天在里斯本买了一台照相机', '照相机是在哪里买的'],
    ['Thai', 'ฉันซื้อกล้องถ่ายรูปที่ลิสบอน', 'กล้องถ่ายรูปซื้อที่ไหน'],
    ['Korean', '리스본에서 카메라를 샀어요', '카메라는 어디서 샀어요'],
  ])('finds an answer in %s', (_, said, asked) => {
    const units = chat(...NOISE.slice(0, 20), said, ...NOISE.slice(20));
    expect(select({ units, query: asked, budgetTokens: 60 }).kept).toContain(20);
  });

  it('takes the speaker that the question names, by field and by prefix', () => {
    const said = ['I will paint the boat green', 'I will paint the boat blue'];
    const byField: RelevantUnit[] = said.map((text, place) => ({
      text,
      role: 'user',
      name: place === 0 ? 'Anna' : 'Ben',
    }));
    const byPrefix: RelevantUnit[] = said.map((text, place) => ({
      text: `${place === 0 ? 'Anna' : 'Ben'}: ${text}`,
      role: 'user',
    }));
    for (const units of [byField, byPrefix]) {
      const { scores } = select({ units, query: 'How will Anna paint the boat?', budgetTokens: 1 });
      expect(scores[0]).toBeGreaterThan(scores[1] ?? 0);
    }
  });

  it('takes the user at "my" and the assistant at "you"', () => {
    const units: RelevantUnit[] = [
      { text: 'The boat is green', role: 'user' },
      { text: 'The boat is green', role: 'assistant' },
    ];
    const mine = select({ units, query: 'Which colour is my boat?', budgetTokens: 1 }).scores;
    const yours = select({ units, query: 'Which colour of boat did you name?', budgetTokens: 1 }).scores;
    expect(mine[0]).toBeGreaterThan(mine[1] ?? 0);
    expect(yours[1]).toBeGreaterThan(yours[0] ?? 0);
  });

  it.each([
    'Always answer in metric units please',
    'From now on call me Captain',
    '今後は敬語で答えてください',
  ])('keeps the standing instruction %j', (said) => {
    const units: RelevantUnit[] = [
      { text: said, role: 'user' },
      ...chat(...NOISE, 'The recipe needs flour', 'And the recipe needs eggs'),
    ];
    const { scores } = select({ units, query: 'Where is the recipe?', budgetTokens: 30 });
    const median = [...scores].toSorted((one, other) => one - other)[scores.length >> 1] ?? 0;
    expect(scores[0]).toBeGreaterThan(median);
    expect(scores[0]).toBeGreaterThan(0);
  });

  it('prefers a date for "when"', () => {
    const units = chat('We moved to the new house together', 'We moved to the new house yesterday');
    const { scores } = select({ units, query: 'When was it that the house was new?', budgetTokens: 1 });
    expect(scores[1]).toBeGreaterThan(scores[0] ?? 0);
  });

  it('fills the rest with the newest, and has only those for an empty query', () => {
    const units = chat(...NOISE);
    const { kept } = select({ units, query: '', budgetTokens: 40 });
    expect(kept.length).toBeGreaterThan(2);
    expect(kept).toEqual(units.map((_, place) => place).slice(-kept.length));
  });

  it('keeps the newest first where asked to, but for no more than a quarter of the budget', () => {
    const units = chat('The camera cost 240 euros', ...NOISE);
    const query = 'What did the camera cost?';
    const small = select({ units, query, budgetTokens: 100, newest: 2 });
    expect(small.kept).toEqual(expect.arrayContaining([0, 39, 40]));
    const costs = units.map((_, place) => (place === 0 ? 5 : 60));
    expect(select({ units, costs, query, budgetTokens: 64, newest: 4 }).kept).toContain(0);
  });

  it('lets the most relevant one in before cheaper ones', () => {
    const units = chat(
      ...NOISE.slice(0, 10),
      `The camera cost 240 euros in Lisbon ${'and so on '.repeat(20)}`,
      ...Array.from({ length: 30 }, () => 'camera ok'),
    );
    const { kept } = select({
      units,
      query: 'What did the camera in Lisbon cost in euros?',
      budgetTokens: 80,
    });
    expect(kept).toContain(10);
  });

  it('lets meaning weigh in where an embedder gives it', () => {
    const units = chat(...NOISE);
    const similarity = units.map((_, place) => (place === 7 ? 0.9 : 0.1));
    expect(select({ units, query: 'zebra', budgetTokens: 12, similarity }).kept).toContain(7);
    expect(select({ units, query: 'zebra', budgetTokens: 12 }).kept).not.toContain(7);
  });

  it('does not let what is kept anyway draw its neighbours in', () => {
    const asked = 'What did the camera cost?';
    const units: RelevantUnit[] = [
      ...chat('The camera cost 240', ...NOISE),
      { text: asked, role: 'user', mustKeep: true },
    ];
    const { scores } = select({ units, query: asked, budgetTokens: 30 });
    expect(scores[40]).toBeLessThan(scores[1] ?? 0);
    expect(scores[41]).toBe(0);
    expect(scores[0]).toBeGreaterThan(0);
  });
});

function time(units: readonly RelevantUnit[], query: string): number {
  const start = performance.now();
  select({ units, query, budgetTokens: 500 });
  return performance.now() - start;
}

describe('hostile conversations', () => {
  it.each<[string, (size: number) => RelevantUnit[]]>([
    [
      'all the same message',
      (size) =>
        Array.from({ length: size }, () => ({ text: 'What did the camera cost in euros?', role: 'user' })),
    ],
    ['emoji only', (size) => Array.from({ length: size }, () => ({ text: '🎉🐕👍🏽', role: 'user' }))],
    ['empty messages', (size) => Array.from({ length: size }, () => ({ text: '', role: 'user' }))],
    [
      'no spaces',
      (size) => Array.from({ length: size }, () => ({ text: '照相机多少钱'.repeat(5), role: 'user' })),
    ],
    ['one long message', (size) => [{ text: 'the camera cost euros '.repeat(size), role: 'user' }]],
    ['one long word', (size) => [{ text: 'aB1/'.repeat(size * 4), role: 'user' }]],
    [
      'every word new',
      (size) => Array.from({ length: size }, (_, place) => ({ text: `w${place}x v${place}y`, role: 'user' })),
    ],
  ])('%s: cost grows with the size and no faster', (_, make) => {
    const query = 'What did the camera cost in euros? 照相机 🎉';
    time(make(2000), query);
    const small = Math.min(...[1, 2, 3].map(() => time(make(5000), query)));
    const large = Math.min(...[1, 2, 3].map(() => time(make(40_000), query)));
    // Eight times the size: about 8 when linear, 64 when quadratic. The 10 ms are for timers and the collector on a busy machine.
    expect(large).toBeLessThan(24 * small + 10);
  });

  it('survives a query longer than the conversation', () => {
    const query = Array.from({ length: 20_000 }, (_, place) => `word${place}`).join(' ');
    const { kept } = select({ units: chat('word19999 is here', ...NOISE), query, budgetTokens: 10 });
    expect(kept).toContain(0);
  });

  it('has nothing to choose from in an empty conversation', () => {
    expect(select({ units: [], query: 'camera', budgetTokens: 10 })).toEqual({
      kept: [],
      tokens: 0,
      scores: new Float64Array(0),
    });
  });
});
