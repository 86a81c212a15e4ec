import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { orderUnits } from '../../../src/trim/relevant/order-units.ts';
import { RELEVANCE_WEIGHTS } from '../../../src/trim/relevant/relevance-weights.ts';
import type { RelevantUnit } from '../../../src/trim/relevant/relevant-unit.ts';
import { scoreUnits } from '../../../src/trim/relevant/score-units.ts';
import { UnitIndex } from '../../../src/trim/relevant/unit-index.ts';

/** One token a word, or a character where there are no spaces. */
const wordsOf = (text: string): number =>
  /[\u3000-\uffff]/.test(text) ? text.length : text.split(/\s+/).filter(Boolean).length;

interface Asked {
  readonly units: readonly RelevantUnit[];
  readonly query: string;
  readonly budgetTokens?: number;
  readonly newest?: number;
  readonly index?: UnitIndex;
  readonly similarity?: ArrayLike<number>;
}

function scoresOf({ units, query, index = new UnitIndex(), similarity }: Asked): Float64Array {
  index.sync(units);
  return scoreUnits({ units, index, query, weights: RELEVANCE_WEIGHTS, similarity });
}

/** The order in which the units are kept, and what a budget keeps of them. */
function select(asked: Asked): { order: number[]; kept: number[]; scores: Float64Array } {
  const { units, budgetTokens = 0, newest = 0, index = new UnitIndex() } = asked;
  const scores = scoresOf({ ...asked, index });
  const order = [
    ...orderUnits({
      scores,
      sizeOf: (unit) => index.sizeOf(unit),
      isKept: (unit) => units[unit]?.mustKeep === true,
      newest,
      ...RELEVANCE_WEIGHTS,
    }),
  ];
  let left = budgetTokens;
  const fit = order.findIndex((unit) => (left -= wordsOf(units[unit]?.text ?? '')) < 0);
  const kept = (fit === -1 ? order : order.slice(0, fit)).toSorted((one, other) => one - other);
  return { order, kept, scores };
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
const conversation = fc.array(unit, { maxLength: 30 });
const query = fc.constantFrom(
  'What did Anna buy?',
  'カメラはいくらでしたか',
  '',
  'When did I go?',
  'zebra',
  'summarize',
);

describe('what always holds', () => {
  it('has every unit in the order once, but those that are kept anyway', () => {
    fc.assert(
      fc.property(conversation, query, fc.nat(6), (units, asked, newest) => {
        const { order } = select({ units, query: asked, newest });
        const free = units.flatMap((one, place) => (one.mustKeep ? [] : [place]));
        expect(order.toSorted((one, other) => one - other)).toEqual(free);
      }),
    );
  });

  it('gives the same for equal units that are other objects, and with an index of any past', () => {
    fc.assert(
      fc.property(conversation, conversation, query, (units, past, asked) => {
        const fresh = select({ units, query: asked });
        const index = new UnitIndex();
        index.sync(past);
        select({ units: units.slice(0, units.length >> 1), query: 'Anna camera', index });
        const warm = select({ units: structuredClone(units), query: asked, index });
        expect(warm.order).toEqual(fresh.order);
        expect([...warm.scores]).toEqual([...fresh.scores]);
      }),
    );
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

  it('lets the newest in early where asked to, for no more than an eighth', () => {
    const units = chat('The camera cost 240 euros', ...NOISE.map((said) => `${said} in Lisbon`));
    const { order } = select({ units, query: 'What did the camera cost in Lisbon?', newest: 2 });
    expect(order[0]).toBe(0);
    for (const place of [39, 40]) {
      expect(order.indexOf(place)).toBeGreaterThan(4);
      expect(order.indexOf(place)).toBeLessThan(20);
    }
    const without = select({ units, query: 'What did the camera cost?' }).order;
    expect(without.indexOf(0)).toBe(0);
  });

  it('lets a long document wait until others of half its size have come', () => {
    const document = `The camera ${'camera manual page '.repeat(400)}`;
    const units = chat(document, ...NOISE.map((said) => `${said}, with my camera`));
    const { order, scores } = select({ units, query: 'camera manual page' });
    expect(Math.max(...scores)).toBe(scores[0]);
    expect(order.indexOf(0)).toBeGreaterThan(20);
    expect(select({ units: units.slice(0, 3), query: 'camera manual page' }).order).toEqual([2, 1, 0]);
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

/** Milliseconds that it takes to rank the units and to take the first few. */
function time(units: readonly RelevantUnit[], query: string): number {
  const start = performance.now();
  const index = new UnitIndex();
  const scores = scoresOf({ units, query, index });
  const sizeOf = (unit: number): number => index.sizeOf(unit);
  let taken = 0;
  for (const _ of orderUnits({ scores, sizeOf, isKept: () => false, newest: 2, ...RELEVANCE_WEIGHTS }))
    if ((taken += 1) > 100) break;
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
    const query = Array.from({ length: 20_000 }, (_, place) => `word${5000 + place}`).join(' ');
    const { order } = select({ units: chat('word24999 is here', ...NOISE), query });
    expect(order[0]).toBe(0);
  });

  it('has nothing to choose from in an empty conversation', () => {
    expect(select({ units: [], query: 'camera' }).order).toEqual([]);
  });
});
