import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compilePersona } from '../../../src/persona/compile-persona.ts';
import { forbidEntryFault, forbidEntryOf } from '../../../src/persona/forbid-entry.ts';
import { parsePersona } from '../../../src/persona/parse-persona.ts';
import { findPersonaIssues } from '../../../src/persona/persona-issues.ts';

describe('an entry of forbid', () => {
  it.each([
    ['great question', { kind: 'term', term: 'great question' }],
    ['note: ', { kind: 'term', term: 'note: ' }],
    ['なるほどですね', { kind: 'term', term: 'なるほどですね' }],
    ['/etc/passwd', { kind: 'term', term: '/etc/passwd' }],
    ['/', { kind: 'term', term: '/' }],
    ['//', { kind: 'term', term: '//' }],
    ['and/or', { kind: 'term', term: 'and/or' }],
    ['class: A fire', { kind: 'term', term: 'class: A fire' }],
    ['term: of use', { kind: 'term', term: 'term: of use' }],
    ['term:/usr/', { kind: 'term', term: '/usr/' }],
    ['term:class:emoji', { kind: 'term', term: 'class:emoji' }],
    ['term:term:/x/', { kind: 'term', term: 'term:/x/' }],
    ['/usr/', { kind: 'regex', source: 'usr', flags: '' }],
    ['/colou?r/i', { kind: 'regex', source: 'colou?r', flags: 'i' }],
    ['/第[一二三]+弾/su', { kind: 'regex', source: '第[一二三]+弾', flags: 's' }],
    ['/a/b/', { kind: 'regex', source: 'a/b', flags: '' }],
    ['class:emoji', { kind: 'class', class: 'emoji' }],
    [' class: phone ', { kind: 'class', class: 'phone' }],
  ])('%j is read', (entry, read) => {
    expect(forbidEntryFault(entry)).toBeUndefined();
    expect(forbidEntryOf(entry)).toEqual(read);
  });

  it.each([
    ['class:emojis', /class:emoji, class:url, class:email and class:phone/],
    ['class:', /Unknown class/],
    ['/a/g', /no flags but i, m, s and u/],
    ['/a/ii', /no regular expression/],
    ['/(/', /no regular expression/],
    ['/[a/', /no regular expression/],
    ['/(a)\\1/', /refer back/],
    ['/(?<x>a)\\k<x>/', /refer back/],
    ['/a(?=b)/', /look around/],
    ['/(?<!a)b/', /look around/],
    ['/a*/', /empty text/],
    ['/(?:a|b?)/', /empty text/],
    ['/^$/m', /empty text/],
    ['/\\b/', /empty text/],
    ['/a{0,3}/', /empty text/],
    ['/(?:a|)(?:b?c*)/', /empty text/],
    ['/a{1001}/', /too large/],
    ['/(?:(?:ab){40}){40}/', /too large/],
    ['/a{1,99999999999999999999}/', /too large/],
    [`/${'a'.repeat(900_000)}/`, /too large/],
    [`/${'('.repeat(999)}/`, /no regular expression/],
  ])('%j is refused', (entry, says) => {
    expect(forbidEntryFault(entry)).toMatch(says);
    expect(() => forbidEntryOf(entry)).toThrow(says);
  });

  it('tells in no time that a regular expression is of a kind that can run for ever, or lets it stand for one that runs in one pass', () => {
    const startedAt = performance.now();
    expect(forbidEntryFault('/(a+)+$/')).toBeUndefined();
    expect(forbidEntryFault('/(a|a|aa)+b/')).toBeUndefined();
    expect(forbidEntryFault('/(?:a?|b?|c?){300}d/')).toBeUndefined();
    expect(forbidEntryFault('/(?:a?|b?|c?){300}/')).toMatch(/empty text/);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('knows as the machine does which small ones match the empty text', () => {
    const atom = fc.constantFrom(
      'a',
      '.',
      '[a\\]]',
      '\\d',
      '\\p{L}',
      '^',
      '$',
      '\\b',
      '(?:b|c)',
      '(a*)',
      '(?:|x)',
    );
    const times = fc.constantFrom('', '', '*', '+', '?', '+?', '{2}', '{0,2}', '{1,}', '*?');
    const piece = fc
      .tuple(atom, times)
      .map(([atom, times]) => (/^[$^\\]b?$/.test(atom) ? atom : atom + times));
    const branch = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
    const seen = { empty: 0, fine: 0 };
    fc.assert(
      fc.property(fc.array(branch, { minLength: 1, maxLength: 3 }), (branches) => {
        const source = branches.join('|');
        // An assertion alone may hold somewhere in a text although it does not in the empty one.
        const regex = new RegExp(source.replaceAll(/\\b|[$^]/g, '(?:)'), 'u');
        const isNullable = regex.exec('')?.[0] === '';
        expect([source, /empty text/.test(forbidEntryFault(`/${source}/`) ?? '')]).toEqual([
          source,
          isNullable,
        ]);
        seen[isNullable ? 'empty' : 'fine'] += 1;
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.empty, seen.fine)).toBeGreaterThan(50);
  });

  it('names its place in a file', () => {
    expect(() => parsePersona('name: a\nforbid:\n  - fine\n  - /(?=a)/\n', { file: 'a.yaml' })).toThrow(
      expect.objectContaining({ line: 4, column: 5, field: 'forbid[1]' }) as Error,
    );
  });

  it('is told to the model in words', () => {
    const forbid = ['term:/usr/', '/colou?r/i', 'class:emoji', 'class:phone'];
    expect(compilePersona({ name: 'a', style: 'Be brief.', forbid })).toContain(
      '- /usr/\n- any text that matches the regular expression /colou?r/i\n- any emoji\n- any telephone number\n',
    );
    expect(compilePersona({ name: 'a', style: '簡潔に。', forbid })).toContain(
      '- /usr/\n- 正規表現 /colou?r/i に一致する文字列\n- 絵文字すべて\n- 電話番号すべて\n',
    );
  });

  it('is looked for in the persona’s texts only as a term', () => {
    const forbid = ['class:url', '/style/', 'class:url'];
    const codes = findPersonaIssues({ name: 'a', style: 'class:url /style/', forbid }).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['duplicate-forbidden-term']);
  });
});
