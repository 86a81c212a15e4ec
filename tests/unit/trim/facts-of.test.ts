import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Message } from '../../../src/message.ts';
import { FactBook } from '../../../src/trim/retention/fact-retention.ts';
import { factsOf } from '../../../src/trim/retention/facts-of.ts';

describe('factsOf', () => {
  it.each([
    [
      'The parcel AB-1234 left Osaka on 2024-05-02 at 3pm.',
      ['id:ab-1234', 'date:2024-05-02', 'date:3pm', 'name:osaka'],
    ],
    ['It cost $1,200.50, that is 10% more.', ['number:1200.50', 'number:10%']],
    [
      'See https://a.example/x?y=1. Or mail to foo@bar.co.jp!',
      ['url:https://a.example/x?y=1', 'url:foo@bar.co.jp'],
    ],
    ['edit src/trim/a-b.ts and /usr/lib/node', ['path:src/trim/a-b.ts', 'path:/usr/lib/node']],
    ['open C:\\Users\\x\\y.txt', ['path:C:\\Users\\x\\y.txt']],
    [
      'then Anna Smith and Dr. Bell met on May 5, 2024',
      ['name:anna smith', 'name:dr. bell', 'date:may 5, 2024'],
    ],
    ['I do not eat fish', ['negation:i do not eat fish']],
    ['We decided to use Postgres.', ['decision:we decided to use postgres']],
    ['It must be done by Friday.', ['constraint:it must be done by friday', 'date:friday']],
    ['予約番号はＡＢ－１２３４です。', ['id:ab-1234']],
    ['２０２４年５月２日、午後３時に東京駅で。', ['date:2024年5月2日', 'date:午後3時', 'name:東京']],
    ['鈴木さんと田中部長が来ます', ['name:鈴木', 'name:田中']],
    ['予算は１，２００円以内です。', ['number:1200', 'constraint:予算は1,200円以内です']],
    ['魚は食べません。', ['negation:魚は食べません']],
    ['A案を採用することに決定しました。', ['decision:a案を採用することに決定しました']],
    ['必ず金曜日までに送ってください', ['constraint:必ず金曜日までに送ってください', 'date:金曜日']],
    ['東京都の人口は1400万人', ['number:1400万']],
  ])('finds the facts of %s', (text, facts) => {
    expect([...factsOf(text)]).toEqual(expect.arrayContaining(facts));
  });

  it.each(['and/or, he/she', 'Well, fine. Good.', 'そうですね、いいですよ', 'foo', '!?...', '\ud800'])(
    'finds none in %s',
    (text) => {
      expect([...factsOf(text)]).toEqual([]);
    },
  );

  it('reads any text, and finds the same facts whatever the width of its letters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('1', 'a', '年', '.', '/', '-', ' ', 'さん', '\ud800', ',', '@') }),
        (text) => {
          const wide = text.replaceAll('1', '１').replaceAll('a', 'ａ');
          expect(factsOf(wide)).toEqual(factsOf(text));
        },
      ),
    );
  });

  it('stays quick on texts made to be slow', () => {
    const units = [
      'a',
      '1.',
      'a/',
      'a@a.',
      'A ',
      '_-',
      'Aa ',
      '令和',
      'さん',
      '\\a',
      '.a',
      '日',
      'not ',
      '1年',
    ];
    const startedAt = performance.now();
    for (const unit of units) factsOf(unit.repeat(60_000));
    // Each takes a few milliseconds; a quadratic one would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});

const say = (content: string): Message => ({ role: 'user', content });

describe('FactBook', () => {
  const first = say('The code is AB-1234, and the hotel costs 80 euros.');
  const second = say('電話は03-1234-5678です。');

  it('counts what is left, by kind', () => {
    const retention = new FactBook().retention({
      before: [first, second],
      after: [second],
      known: [],
      query: 'hotel 電話 unicorn',
    });
    expect(retention.kinds).toMatchObject({
      id: { before: 2, kept: 1 },
      number: { before: 1, kept: 0 },
      'query-term': { before: 2, kept: 1 },
    });
    expect(retention.overall).toBeCloseTo(2 / 5);
  });

  it('does not miss a fact that stands elsewhere', () => {
    const repeated = say('80 euros for AB-1234');
    const { overall } = new FactBook().retention({
      before: [first],
      after: [],
      known: [repeated],
      query: '',
    });
    expect(overall).toBe(1);
  });

  it('has no figure where there are no facts', () => {
    expect(new FactBook().retention({ before: [say('hi')], after: [], known: [], query: '' })).toEqual({
      overall: null,
      kinds: {},
    });
  });

  it('never falls when more is kept', () => {
    const texts = fc.array(
      fc.constantFrom('on 2024-01-02', 'id X-99', '鈴木さん', 'not here', '5 km', 'hi', '決定しました'),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(texts, fc.nat(255), fc.nat(255), (contents, mask, more) => {
        const before = contents.map(say);
        const pick = (bits: number): Message[] => before.filter((_, index) => ((bits >> index) & 1) === 1);
        const book = new FactBook();
        const less = book.retention({ before, after: pick(mask), known: [], query: 'km' }).overall ?? 1;
        expect(
          book.retention({ before, after: pick(mask | more), known: [], query: 'km' }).overall ?? 1,
        ).toBeGreaterThanOrEqual(less);
      }),
    );
  });
});
