import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findForbidden } from '../../../src/persona/guard/find-forbidden.ts';
import { Guard } from '../../../src/persona/guard/guard.ts';
import { LazyDfa } from '../../../src/persona/guard/regex/lazy-dfa.ts';
import { Nfa } from '../../../src/persona/guard/regex/nfa.ts';
import { parsePattern } from '../../../src/persona/guard/regex/parse-pattern.ts';
import { PatternRun } from '../../../src/persona/guard/regex/pattern-run.ts';
import { TextGuard } from '../../../src/persona/guard/text-guard.ts';
import { Folder } from '../../../src/text/fold/folder.ts';

const SOURCES = ['(a|b)*a(a|b){3}か', '\\b[ab]+\\b', '^b|社$', '[^a]か+', '(?:ab|か){2,}!'];

function dfaOf(maxSize?: number): LazyDfa {
  const nfa = new Nfa();
  const folder = new Folder();
  SOURCES.forEach((source, entry) => {
    const pattern = parsePattern(source, { folder, flags: '' });
    if (typeof pattern === 'string') throw new Error(pattern);
    nfa.add(pattern, entry);
  });
  return new LazyDfa(nfa, maxSize);
}

/** All that a run tells, and what it would hold after each character. */
function told(dfa: LazyDfa, text: string): unknown[] {
  const told: unknown[] = [];
  const run = new PatternRun(dfa, 12, (start, end, entry) => told.push([start, end, entry]));
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    told.push(run.earliestAfter(unit, unit, at));
    run.step(unit, unit, at, at + 1);
    told.push(run.earliest);
  }
  run.atEnd();
  return told;
}

describe('an automaton made deterministic along the way', () => {
  it('tells the same however little of it is kept, and keeps no more than it may', () => {
    const whole = dfaOf();
    const small = dfaOf(400);
    const none = dfaOf(0);
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'か', '社', '!', ' ', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(texts, (text) => {
        const expected = told(whole, text);
        expect(told(small, text)).toEqual(expected);
        expect(told(none, text)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
    // A state and a transition more, at most.
    expect(small.size).toBeLessThan(400 + 300);
    expect(whole.size).toBeGreaterThan(1000);
  });

  it('goes on where it stood when it was forgotten by another text', () => {
    const dfa = dfaOf(0);
    const told: unknown[] = [];
    const one = new PatternRun(dfa, 99, (...match) => told.push(match));
    Array.from('社abab').forEach((char, at) => {
      const unit = char.charCodeAt(0);
      one.step(unit, unit, at, at + 1);
      new PatternRun(dfa, 99, () => undefined).step(0x61, 0x61, 0, 1);
    });
    one.step(0x21, 0x21, 5, 6);
    expect(told).toContainEqual([1, 6, 4]);
    expect(told).toContainEqual([1, 5, 1]);
  });
});

describe('terms, patterns and pictures together', () => {
  const entries = ['ex', 'バカ', 'class:email', 'class:url', 'class:emoji', '/\\bT\\d+\\b/'];
  const parts = fc.constantFrom(
    'a@',
    'ex',
    'e',
    'b.co',
    'T1',
    '2',
    '#',
    '1\ufe0f\u20e3',
    '👍',
    'www.',
    'ば',
    'か',
    ' ',
    '。',
    'Ｔ',
    'é',
    '\n',
  );

  it('find what each finds by itself', () => {
    const covered = (text: string, entries: readonly string[]): Set<number> =>
      new Set(
        findForbidden(text, entries).flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, index) => start + index),
        ),
      );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 16 }), (parts) => {
        const text = parts.join('');
        const apart = entries.flatMap((entry) => [...covered(text, [entry])]);
        expect([...covered(text, entries)].toSorted((a, b) => a - b)).toEqual(
          [...new Set(apart)].toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('cost', () => {
  it.each([
    ['English', 'The launch moves to Wednesday, since Tuesday is a holiday. '],
    ['Japanese', '会議は火曜日から水曜日に変更されました。'],
  ])('is a look-up a character where any word may begin an address (%s)', (_, sentence) => {
    const entries = ['class:email', 'class:url', 'class:phone', 'class:emoji'];
    const guard = new Guard(entries, { mask: '███', holdLimit: 256 });
    const read = (text: string): number => {
      const reader = new TextGuard(guard, { mode: 'mask' });
      expect(reader.push(text) + reader.end()).toBe(text);
      return reader.steps;
    };
    read(sentence);
    const text = sentence.repeat(200);
    expect(read(text)).toBeLessThan(text.length * 1.5);
  });
});
