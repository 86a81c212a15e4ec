import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { ATOMS } from '../../../src/trim/retention/fact-patterns.ts';
import { factsOf } from '../../../src/trim/retention/facts-of.ts';

const pieces =
  'May|5|5th|of|,|2024|3pm|pm|Monday|月曜日|令和元年|3月|src/a.ts|a.ts|./x|foo_bar|PAY-418|x@y.com|https://a.b/c?d=1|the|word|18.5%|3万|。|\n|. |-|~/x/y|12:30|午後3時|2024-05-06';
const texts = fc
  .array(fc.tuple(fc.constantFrom(...pieces.split('|')), fc.constantFrom('', ' ', ' ', '\n')), {
    maxLength: 24,
  })
  .map((words) => words.flat().join(''));

it('finds what the pattern finds in the whole text, though it is only held against parts of it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const whole = new Set<string>();
      for (const match of text.matchAll(ATOMS)) {
        const { date, path } = match.groups ?? {};
        if (date !== undefined) whole.add(`date:${date.toLowerCase()}`);
        if (path !== undefined) whole.add(`path:${path.replace(/\.+$/, '')}`);
      }
      const found = [...factsOf(text)].filter((fact) => /^(?:date|path):/.test(fact));
      expect(new Set(found)).toEqual(whole);
    }),
    { numRuns: 3000 },
  );
});
