import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sentencesOf, sentenceSpans } from '../../../src/text/sentences.ts';

describe('sentencesOf', () => {
  it.each([
    ['I came. I saw! Did I win? Yes.', ['I came.', 'I saw!', 'Did I win?', 'Yes.']],
    [
      'Dr. No met Mr. Bond at 3.5 p.m. on Jan. 4. They left.',
      ['Dr. No met Mr. Bond at 3.5 p.m. on Jan. 4.', 'They left.'],
    ],
    ['Use it, e.g. here. The U.S. Army came.', ['Use it, e.g. here.', 'The U.S. Army came.']],
    ['See no. 5 first. No. Never.', ['See no. 5 first.', 'No.', 'Never.']],
    ['She said "Go." Then he went.', ['She said "Go."', 'Then he went.']],
    ['Wait... what? Really?!  Yes', ['Wait... what?', 'Really?!', 'Yes']],
    ['wrapped prose goes\non here. Next one.', ['wrapped prose goes\non here.', 'Next one.']],
    ['# Title\n- one\n- two', ['# Title', '- one', '- two']],
    ['今日は晴れです。明日は？雨！', ['今日は晴れです。', '明日は？', '雨！']],
    ['彼は「行く。すぐに。」と言った。私は残った。', ['彼は「行く。すぐに。」と言った。', '私は残った。']],
    ['本当?はい。OK!次へ', ['本当?', 'はい。', 'OK!', '次へ']],
    ['一行目\n二行目', ['一行目', '二行目']],
    ['', []],
    ['  \n ', []],
  ])('%j', (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  it('keeps a code block whole', () => {
    expect(sentencesOf('Do this.\n```ts\nfoo(). Bar!\nBaz\n```\nThen stop.')).toEqual([
      'Do this.',
      '```ts\nfoo(). Bar!\nBaz\n```',
      'Then stop.',
    ]);
    expect(sentencesOf('```\nnever. Closed')).toEqual(['```\nnever. Closed']);
  });

  it('finds its way again after a quote that is never closed', () => {
    expect(sentencesOf('「始まり。\n次の行。終わり。')).toEqual(['「始まり。', '次の行。', '終わり。']);
  });

  it('loses no character but white space, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '.',
      '!',
      '。',
      '「',
      '」',
      '\n',
      ' ',
      '```',
      'Dr',
      '3',
      'あ',
      '🎉',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const spans = sentenceSpans(text);
        let end = 0;
        for (const span of spans) {
          expect(text.slice(end, span.start).trim()).toBe('');
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(text.slice(end).trim()).toBe('');
      }),
    );
  });

  it.each([['.'], ['「'], ['。'], ['```\n'], [' '], ['!?'], ['A.'], ['"']])(
    'reads a long run of %j in linear time',
    (piece) => {
      const time = (length: number): number => {
        const start = performance.now();
        sentencesOf(piece.repeat(length));
        return performance.now() - start;
      };
      time(20_000);
      // A quadratic reader takes minutes for this.
      expect(time(1_000_000)).toBeLessThan(5000);
    },
  );
});
