import * as fc from 'fast-check';

import type { Persona } from '../../../src/persona/persona.ts';

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => text.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(text));

const words = fc.oneof(
  line,
  fc.constantFrom(
    '# Rules',
    '~~~~ style',
    '~~~~~',
    '敬語で書く。',
    'Be brief: no fluff',
    '- item',
    '---',
    '*bold*',
    '"quoted"',
    '123',
    'null',
  ),
);

const text = fc.array(fc.oneof(words, fc.constant('')), { maxLength: 6 }).map((lines) => lines.join('\n'));

/** Personas of all shapes, with texts that look like the prompt's own layout and like YAML's. */
export const anyPersona: fc.Arbitrary<Persona> = fc.record(
  {
    name: words,
    style: text,
    forbid: fc.array(words, { maxLength: 8 }),
    notes: text,
    version: words,
    rubric: fc.array(words, { maxLength: 4 }),
  },
  { requiredKeys: ['name'] },
);
