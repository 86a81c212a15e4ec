import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findForbidden } from '../../../src/persona/guard/find-forbidden.ts';
import { findPersonaIssues } from '../../../src/persona/persona-issues.ts';
import { foldText } from '../../../src/text/fold/fold-text.ts';
import { TermSearch } from '../../../src/text/term-search.ts';

describe('findPersonaIssues', () => {
  it('finds nothing in a good persona', () => {
    expect(findPersonaIssues({ name: 'a', style: 'Be brief.', forbid: ['LGTM', 'synergy'] })).toEqual([]);
    expect(findPersonaIssues({ name: 'a' })).toEqual([]);
  });

  it.each([
    ['name', { name: 'LGTM-bot', forbid: ['lgtm'] }],
    ['style', { name: 'a', style: 'Say Ｌｇｔｍ.', forbid: ['LGTM'] }],
    ['notes', { name: 'a', notes: 'テストを書く。', forbid: ['ﾃｽﾄ'] }],
    ['style', { name: 'a', style: 'ΟΔΟΣ.', forbid: ['οδοσ'] }],
  ])('finds a forbidden term in %s, whatever its case and width', (path, persona) => {
    expect(findPersonaIssues(persona)).toMatchObject([
      {
        code: 'forbidden-term-in-persona',
        severity: 'warning',
        path,
        message: expect.stringContaining(persona.forbid[0] ?? '') as string,
      },
    ]);
  });

  it('finds terms in all texts, each once a text', () => {
    const issues = findPersonaIssues({
      name: 'ab',
      style: 'a a b',
      notes: 'c',
      forbid: ['a', 'b', 'c', 'd'],
    });
    expect(issues.map(({ path, message }) => [path, /forbid\[\d\]/.exec(message)?.[0]])).toEqual([
      ['name', 'forbid[0]'],
      ['name', 'forbid[1]'],
      ['style', 'forbid[0]'],
      ['style', 'forbid[1]'],
      ['notes', 'forbid[2]'],
    ]);
  });

  it('finds duplicates', () => {
    expect(findPersonaIssues({ name: 'a', forbid: ['ASAP', 'synergy', 'ａｓａｐ'] })).toMatchObject([
      {
        code: 'duplicate-forbidden-term',
        path: 'forbid[2]',
        message: expect.stringContaining('forbid[0]') as string,
      },
    ]);
  });

  it.each([
    ['kana', 'ばか', 'ﾊﾞｶ'],
    ['marks', 'bad', 'bád'],
    ['zero-width characters', 'bad', 'b\u200bad'],
    ['the letter ß', 'STRASSE', 'straße'],
    ['what says that it is a term', 'term:/ETC/', 'term:/etc/'],
    ['regular expressions that are written alike', '/[Aa]b/i', ' /[Aa]b/i'],
  ])('finds duplicates whatever their form: %s', (_, one, other) => {
    expect(findPersonaIssues({ name: 'x', forbid: [one, other] })).toMatchObject([
      { code: 'duplicate-forbidden-term', path: 'forbid[1]' },
    ]);
  });

  it.each([
    ['a mark of kana', 'はか', 'ばか'],
    ['the case of a regular expression', '/\\d+/', '/\\D+/'],
  ])('takes no notice of terms that differ by %s', (_, one, other) => {
    expect(findPersonaIssues({ name: 'x', forbid: [one, other] })).toEqual([]);
  });

  it('agrees with the guard on what a text holds', () => {
    const letters = fc.constantFrom(
      'a',
      'B',
      'ａ',
      'á',
      'ß',
      's',
      'か',
      'が',
      'ｶ',
      'ﾞ',
      '゛',
      'は',
      'ハ',
      'ぱ',
      '\u200b',
      '\u0301',
      '㍿',
      '株',
      '社',
      ' ',
    );
    const strings = fc.array(letters, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const term = fc.array(letters, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    // What is all marks is refused by the guard.
    const terms = term.filter((term) => foldText(term.trim()) !== '');
    fc.assert(
      fc.property(strings, terms, (style, term) => {
        const isGuarded = findForbidden(style, [term]).length > 0;
        const codes = findPersonaIssues({ name: '-', style, forbid: [term] }).map(({ code }) => code);
        expect(codes.includes('forbidden-term-in-persona')).toBe(isGuarded);
      }),
      { numRuns: 300 },
    );
  });

  it('finds a term that holds another', () => {
    expect(
      findPersonaIssues({ name: 'x', forbid: ['前向きに検討します', '検討', 'a deep dive', 'Deep Dive'] }),
    ).toMatchObject([
      {
        code: 'overlapping-forbidden-terms',
        path: 'forbid[0]',
        message: expect.stringContaining('forbid[1]') as string,
      },
      {
        code: 'overlapping-forbidden-terms',
        path: 'forbid[2]',
        message: expect.stringContaining('forbid[3]') as string,
      },
    ]);
  });

  it('finds a long prompt, and its largest part', () => {
    const long = 'Keep every answer as short as it can be. '.repeat(400);
    expect(findPersonaIssues({ name: 'a', style: 'b', notes: long })).toMatchObject([
      {
        code: 'long-persona-prompt',
        severity: 'warning',
        path: 'notes',
        message: expect.stringMatching(/about \d{4,} tokens/) as string,
      },
    ]);
    expect(findPersonaIssues({ name: 'a', style: 'b', notes: long.slice(0, 4000) })).toEqual([]);
  });

  it('tells at most twenty of a kind, then how many more', () => {
    const issues = findPersonaIssues({ name: 'x', forbid: Array(100).fill('term') });
    expect(issues).toHaveLength(21);
    expect(issues.at(-1)).toMatchObject({
      code: 'duplicate-forbidden-term',
      message: expect.stringContaining('79 more') as string,
    });
  });

  it('takes a moment, and not minutes, for the worst list of the largest size', () => {
    const terms = Array.from({ length: 1000 }, (_, index) => `${'a'.repeat(400)}${index}`);
    const issues = findPersonaIssues({ name: 'x', style: 'a'.repeat(500_000), forbid: ['a', ...terms] });
    expect(issues.filter(({ code }) => code === 'forbidden-term-in-persona')).toHaveLength(1);
  });
});

describe('TermSearch', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b', 'あ'), maxLength: 5 });

  it('finds what includes() finds', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(few, { maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'あ'), maxLength: 20 }),
        (terms, text) => {
          const search = new TermSearch(terms);
          const expected = terms.flatMap((term, index) =>
            term !== '' && text.includes(term) ? [index] : [],
          );
          expect(search.termsIn(text).toSorted((a, b) => a - b)).toEqual(expected);
          for (const term of terms) {
            const shorter = terms.filter((other) => other !== '' && other !== term && term.includes(other));
            const found = search.shorterTermIn(term);
            expect(shorter.length === 0 ? [undefined] : shorter).toContain(
              found === undefined ? undefined : terms[found],
            );
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
