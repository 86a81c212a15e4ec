import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AMOUNT, askedKinds, TIME } from '../../../src/text/answer-kinds.ts';
import { bm25 } from '../../../src/text/bm25.ts';
import { relatedTo } from '../../../src/text/related-words.ts';
import { TermIndex } from '../../../src/text/term-index.ts';
import { termsOf } from '../../../src/text/words.ts';

const WORDS = [
  'Anna',
  'camera',
  'the',
  'bought',
  'user_id',
  'Fw190',
  '測量',
  'カメラ',
  'ひまわり',
  '3.5',
  'GNSSによる',
  'Café',
  '🎉',
  '?',
  '카메라',
];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' '));

function indexOf(texts: readonly string[]): TermIndex {
  const index = new TermIndex();
  for (const one of texts) index.append(one);
  return index;
}

describe('TermIndex', () => {
  it('holds as many terms per text as termsOf finds', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        const index = indexOf(texts);
        expect(texts.map((_, place) => index.lengthOf(place))).toEqual(
          texts.map((one) => termsOf(one).length),
        );
      }),
    );
  });

  it('takes no word for another one, whatever scripts they are in', () => {
    const letters = fc.constantFrom(...Array.from('abcz0159абвгдежзабвгяαβγδłßđ'));
    const words = fc.uniqueArray(fc.string({ unit: letters, minLength: 2, maxLength: 9 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(words, (said) => {
        const index = indexOf(said);
        const terms = said.flatMap((word) => termsOf(word));
        const ids = said.flatMap((word) => index.queryTermsOf(word).map(({ id }) => id));
        expect(new Set(ids).size).toBe(new Set(terms).size);
      }),
      { numRuns: 500, examples: [[['где', '705']]] },
    );
  });

  it('finds the same after cutting off and appending again', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 8 }),
        fc.array(text, { maxLength: 8 }),
        fc.nat(8),
        text,
        (before, after, cut, query) => {
          const index = indexOf(before);
          index.truncate(Math.min(cut, before.length));
          for (const one of after) index.append(one);
          const fresh = indexOf([...before.slice(0, cut), ...after]);
          expect(index.size).toBe(fresh.size);
          expect(bm25(index, query)).toEqual(bm25(fresh, query));
        },
      ),
    );
  });

  it('grows past its first tables', () => {
    const texts = Array.from(
      { length: 3000 },
      (_, place) => `word${place} 項${String.fromCharCode(0x4e00 + place)}目`,
    );
    const index = indexOf(texts);
    const best = (query: string): number =>
      bm25(index, query).reduce((top, score, place, all) => (score > (all[top] ?? 0) ? place : top), 0);
    expect(best('word0')).toBe(0);
    expect(best('word2999')).toBe(2999);
    expect(best(`項${String.fromCharCode(0x4e00 + 1234)}`)).toBe(1234);
  });

  it('stays below three times the text in memory', () => {
    const english = Array.from(
      { length: 4000 },
      (_, place) =>
        `We moved the old server ${place} to another rack yesterday and the deploy takes minutes longer than before.`,
    );
    const japanese = english.map(
      (_, place) =>
        `昨日は新しいサーバー${place}を別の棚に移した。その後の展開作業に十二分かかるようになりました。`,
    );
    expect(indexOf(english).byteLength).toBeLessThan(3 * english.join('').length);
    expect(indexOf(japanese).byteLength).toBeLessThan(3 * 2 * japanese.join('').length);
  });
});

/** Of a text in a list with two terms on average. */
const norm = (length: number): number => 1.2 * (0.25 + (0.75 * length) / 2);

describe('bm25', () => {
  it('is the textbook formula', () => {
    const scores = bm25(indexOf(['camera lens', 'lens lens tripod', 'garden']), 'lens');
    const rarity = Math.log(1 + 1.5 / 2.5);
    expect(scores[0]).toBeCloseTo((rarity * 2.2) / (1 + norm(2)), 10);
    expect(scores[1]).toBeCloseTo((rarity * 2 * 2.2) / (2 + norm(3)), 10);
    expect(scores[2]).toBe(0);
  });

  it('finds a passage in a language without spaces', () => {
    const texts = ['我昨天买了一台照相机', '今天天气很好', '他在公园里跑步'];
    expect(
      [...bm25(indexOf(texts), '照相机是什么时候买的')].indexOf(
        Math.max(...bm25(indexOf(texts), '照相机是什么时候买的')),
      ),
    ).toBe(0);
  });

  it('is all zero for an empty index, an empty query and unknown words', () => {
    expect(bm25(new TermIndex(), 'lens')).toHaveLength(0);
    expect([...bm25(indexOf(['camera']), '')]).toEqual([0]);
    expect([...bm25(indexOf(['camera', 'the']), 'zebra')]).toEqual([0, 0]);
  });
});

describe('what a question asks for', () => {
  it.each([
    ['When did she move?', TIME],
    ['いつ引っ越しましたか', TIME],
    ['How many bikes do I have?', AMOUNT],
    ['参加者は何人でしたか', AMOUNT],
    ['何年に設立されたか', TIME + AMOUNT],
    ['Who called?', 0],
    ['これは何ですか', 0],
  ])('%s', (question, kinds) => {
    expect(askedKinds(question)).toBe(kinds);
  });

  it('is found in what the texts hold', () => {
    const index = indexOf(['We moved yesterday', 'three bikes', 'since 2019', '1917年', 'hello']);
    expect([0, 1, 2, 3, 4].map((place) => index.kindsOf(place) & (TIME + AMOUNT))).toEqual([
      TIME,
      AMOUNT,
      TIME + AMOUNT,
      TIME + AMOUNT,
      0,
    ]);
  });
});

describe('relatedTo', () => {
  it('knows everyday relations in both languages and nothing of names', () => {
    expect(relatedTo('pet')).toContain('puppi');
    expect(relatedTo('予算')).toContain('費用');
    expect(relatedTo('pet')).not.toContain('pet');
    expect(relatedTo('katamari')).toEqual([]);
  });

  it('holds only terms that the reader of texts makes too', () => {
    const lost = ['pet', 'food', 'job', 'trip', 'health', 'server'].flatMap((word) =>
      termsOf(word)
        .flatMap((term) => relatedTo(term))
        .filter((term) => /^[a-z]+$/.test(term) && term.length < 2),
    );
    expect(lost).toEqual([]);
  });
});
