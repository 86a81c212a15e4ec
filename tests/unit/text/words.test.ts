import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { stemOf } from '../../../src/text/stem.ts';
import { termsOf } from '../../../src/text/words.ts';

describe('English words', () => {
  it('drops grammar, lower-cases and stems', () => {
    expect(termsOf('The Walkers were walking; she walked.')).toEqual(['walker', 'walk', 'walk']);
  });

  it('leaves endings after an apostrophe out', () => {
    expect(termsOf("Anna's dog won't eat, they'll say it's Anna’s")).toEqual(
      termsOf('Anna dog eat say Anna'),
    );
    expect(termsOf("O'Brien")).toContain('brien');
  });

  it.each([
    ['bought', 'buy'],
    ['went', 'going'],
    ['taught', 'teaching'],
    ['children', 'child'],
    ['tried', 'try'],
    ['deciding', 'decide'],
    ['running', 'run'],
    ['boxes', 'box'],
    ['parties', 'party'],
    ['quickly', 'quick'],
    ['deployment', 'deploy'],
  ])('gives %s and %s one stem', (one, other) => {
    expect(stemOf(one)).toBe(stemOf(other));
  });

  it.each([
    ['sing', 'ring'],
    ['bus', 'bu'],
    ['class', 'clas'],
    ['need', 'ne'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(stemOf(one)).not.toBe(stemOf(other));
  });

  it('folds accents, full width and capitals beyond ASCII', () => {
    expect(termsOf('Café')).toEqual(termsOf('cafe'));
    expect(termsOf('Café ＡＢＣ１２３ Straße МОСКВА')).toEqual([
      'caf',
      'abc',
      '123',
      'abc123',
      'straße',
      'москва',
    ]);
  });
});

describe('ids, numbers and paths', () => {
  it.each([
    ['user_id', ['user', 'id', 'userid']],
    ['getUserName', ['get', 'user', 'nam', 'getusernam']],
    ['src/text/words.ts', ['src', 'text', 'word', 'ts', 'srctextwordst']],
    ['2024-05-08', ['2024', '05', '08', '20240508']],
    ['Fw190', ['fw', '190', 'fw190']],
    ['3.5', ['3.5']],
    ['35', ['35']],
  ])('gives %s whole and in parts', (text, terms) => {
    expect(termsOf(text)).toEqual(expect.arrayContaining(terms));
  });

  it('lets spellings with and without links meet', () => {
    expect(termsOf('e-mail')).toContain(termsOf('email')[0]);
    expect(termsOf('L_C_D_')).toContain(termsOf('LCD')[0]);
    expect(termsOf('35')).not.toContain(termsOf('3.5').at(-1));
  });
});

describe('Japanese words', () => {
  it('splits by script before anything else', () => {
    const terms = termsOf('GNSSによる測量');
    expect(terms).toContain('gnss');
    expect(terms).toContain('測量');
  });

  it('takes pairs of kanji and katakana, and a lone kanji as it is', () => {
    expect(termsOf('国営放送')).toEqual(['国営', '営放', '放送']);
    expect(termsOf('カメラ')).toEqual(['カメ', 'メラ']);
    expect(termsOf('犬が')).toEqual(['犬']);
  });

  it('leaves particles, polite endings and question words out', () => {
    expect(termsOf('これはです。')).toEqual([]);
    expect(termsOf('何は誰の')).toEqual([]);
  });

  it('reads half-width katakana as katakana', () => {
    expect(termsOf('ｶﾒﾗ')).toEqual(termsOf('カメラ'));
  });
});

describe('other scripts', () => {
  it.each([
    ['Chinese', '我昨天买了一台照相机', '照相机'],
    ['Thai', 'ฉันซื้อกล้องถ่ายรูปเมื่อวาน', 'กล้องถ่ายรูป'],
    ['Korean', '어제 카메라를 샀어요', '카메라'],
    ['Hindi', 'मैंने कल एक कैमरा खरीदा', 'कैमरा'],
    ['Greek', 'Αγόρασα μια κάμερα', 'κάμερα'],
    ['Arabic', 'اشتريت كاميرا أمس', 'كاميرا'],
    ['emoji', 'nice 🎉🐕', '🐕'],
  ])('finds a word of %s in a sentence', (_, sentence, word) => {
    const terms = new Set(termsOf(sentence));
    expect(termsOf(word).length).toBeGreaterThan(0);
    expect(termsOf(word).every((term) => terms.has(term))).toBe(true);
  });
});

describe('any text', () => {
  it('gives the same terms every time, and none that is empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const terms = termsOf(text);
        expect(termsOf(text)).toEqual(terms);
        expect(terms.every((term) => term.length > 0)).toBe(true);
      }),
    );
  });

  it('gives the terms of both halves where a line end parts them', () => {
    const line = fc.array(fc.constantFrom('Anna', '測量', 'user_id', 'カメラ', '3.5', 'walking', '。', '?'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(line, line, (one, other) => {
        const [above, below] = [one.join(' '), other.join(' ')];
        expect(termsOf(`${above}\n${below}`)).toEqual([...termsOf(above), ...termsOf(below)]);
      }),
    );
  });
});
