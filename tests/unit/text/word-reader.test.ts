import * as fc from 'fast-check';
import { expect, it } from 'vitest';

import { WordReader } from '../../../src/text/word-reader.ts';
import { scanWords, type WordSink } from '../../../src/text/words.ts';

function said(scan: (sink: WordSink) => void): string[] {
  const terms: string[] = [];
  scan({
    word: (...[, ...word]) => terms.push(word.join(' ')),
    gram: (...gram) => terms.push(gram.join(' ')),
  });
  return terms;
}

const pieces = [
  ...Array.from("aBcZ09 .,-_'/:@#+\\\n?~xY"),
  'é',
  '日',
  'か',
  '👍',
  'getName',
  'e-mail',
  "don't",
  '3.5',
];
const texts = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 30 });

it('finds what the scan of strings finds, whatever it has read before', () => {
  const reader = new WordReader();
  fc.assert(
    fc.property(texts, (text) => {
      expect(said((sink) => reader.read(text, sink))).toEqual(said((sink) => scanWords(text, sink)));
    }),
    { numRuns: 3000 },
  );
});

it.each([16_384, 16_385, 40_000])('reads %d characters, in both scripts', (length) => {
  const reader = new WordReader();
  for (const text of [
    'word 42. '.repeat(length).slice(0, length),
    `a ${'語'.repeat(length / 2)}`.padEnd(length, ' b'),
  ])
    expect(said((sink) => reader.read(text, sink))).toEqual(said((sink) => scanWords(text, sink)));
});
