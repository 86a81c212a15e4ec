import { describe, expect, it } from 'vitest';

import { breaks, houseRules } from '../../../src/local/house-rules.ts';
import { compilePersona } from '../../../src/persona/compile-persona.ts';

describe('houseRules', () => {
  it.each(['Plain words. Under 150 words.', '平易な言葉で、三百字以内に書く。'])(
    'reads what a compiled persona forbids: %s',
    (style) => {
      const system = compilePersona({
        name: 'p',
        style,
        forbid: ['delve into', 'なるほど', '~~~~'],
        notes: 'Be kind.',
      });
      const rules = houseRules([system], []);
      expect(rules.forbid).toEqual(expect.arrayContaining(['delve into', 'なるほど', '~~~~']));
      expect(Math.min(rules.maxWords, rules.maxChars / 2)).toBe(150);
    },
  );

  it('takes deeds, times and sentence lengths for no ban and no limit', () => {
    const rules = houseRules(
      [
        'Never deploy before 10:00 JST. Say "measured".\nKeep sentences under 15 words.\n一文は五十字以内とする。',
      ],
      [],
    );
    expect(rules).toEqual({ forbid: [], maxWords: Infinity, maxChars: Infinity });
  });

  it.each([
    ['Stay under 150 words.', 150],
    ['Answer in 40 words or less, or within 90 words.', 40],
  ])('reads %s', (text, words) => {
    expect(houseRules([text], []).maxWords).toBe(words);
  });

  it.each([
    ['三百字以内', 300],
    ['千二百五十文字以下', 1250],
    ['１００字以内', 100],
    ['二〇〇字まで', 200],
  ])('reads %s', (text, chars) => {
    expect(houseRules([`全体で${text}に収める。`], []).maxChars).toBe(chars);
  });

  it('finds a term whatever its case, width and spacing', () => {
    const rules = houseRules([], ['let’s  Dive in', 'ＡＳＡＰ', '']);
    expect(breaks("Let's dive\nin", rules)).toBe(true);
    expect(breaks('asap.', rules)).toBe(true);
    expect(breaks('dive', rules)).toBe(false);
  });
});
