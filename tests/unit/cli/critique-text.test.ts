import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CritiqueText } from '../../../src/cli/critique-text.ts';
import { plainText } from '../../../src/cli/plain-text.ts';

const critique = JSON.stringify({
  verdict: 'revise',
  score: 4,
  issues: [
    { severity: 'major', quote: 'It said "never"\n\\o/', problem: '理由が抜けている：なぜですか, {and} how' },
    { severity: 'minor', problem: 'Too long.' },
  ],
});

const shown = `- major: “It said "never" \\o/” 理由が抜けている：なぜですか, {and} how\n- minor: Too long.`;

function read(pieces: readonly string[]): string {
  const text = new CritiqueText();
  return pieces.map((piece) => text.add(piece)).join('');
}

describe('a critique while it is written', () => {
  it('becomes a list of findings, wherever it is cut, fenced and escaped or not', () => {
    const ascii = critique.replaceAll(
      /[^\u0020-\u007e]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    for (const text of [
      critique,
      ascii,
      `\`\`\`json\n${critique}\n\`\`\``,
      JSON.stringify(JSON.parse(critique), null, 2),
    ]) {
      fc.assert(
        fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
          const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
          expect(read(places.slice(1).map((place, index) => text.slice(places[index], place)))).toBe(shown);
        }),
        { numRuns: 30 },
      );
      expect(read(text.split(''))).toBe(shown);
    }
  });

  it('is left as it is where it is in words', () => {
    expect(read(['  No', ' {reason}: "given"', '. 理由がない。'])).toBe('No {reason}: "given". 理由がない。');
  });
});

describe('text that a terminal only shows', () => {
  it('has no control characters but line feeds and tabs', () => {
    expect(plainText('a\u001b[2J\u0007\u009bb\tc\r\nd 日本語')).toBe('a[2Jb\tc\nd 日本語');
  });
});
