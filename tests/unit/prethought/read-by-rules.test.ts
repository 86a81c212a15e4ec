import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readByRules } from '../../../src/prethought/read-by-rules.ts';

describe('readByRules: headings', () => {
  it('reads sections in English, whatever their headings look like', () => {
    const text = `Hi team,

## Goal
Cut the p95 of checkout by half. It hurts sales.

**Constraints:**
- No new services
- Ready by Friday

Audience: the on-call engineers

### Expected output
1. A ranked list of causes
2) One next step for each

## Background
We deploy on Mondays.`;
    expect(readByRules(text)).toEqual({
      purpose: ['Cut the p95 of checkout by half.', 'It hurts sales.'],
      constraints: ['No new services', 'Ready by Friday'],
      viewpoint: ['the on-call engineers'],
      expectations: ['A ranked list of causes', 'One next step for each'],
    });
  });

  it('reads sections in Japanese, whatever their headings look like', () => {
    const text = `【目的】
チェックアウトの遅延を減らす。

■制約条件
・新しいサービスは増やさない
・金曜まで

視点：当番のエンジニア

## 期待する成果物
1. 原因の一覧
② 次の一手

【補足】
毎週月曜にデプロイします。`;
    expect(readByRules(text)).toEqual({
      purpose: ['チェックアウトの遅延を減らす。'],
      constraints: ['新しいサービスは増やさない', '金曜まで'],
      viewpoint: ['当番のエンジニア'],
      expectations: ['原因の一覧', '次の一手'],
    });
  });

  it.each([
    ['目的: 速くする', 'purpose', ['速くする']],
    ['1. 前提条件：Node 22', 'constraints', ['Node 22']],
    ['**対象読者**: 新人', 'viewpoint', ['新人']],
    ['- 出力形式：表', 'expectations', ['表']],
    ['GOAL: be quick', 'purpose', ['be quick']],
    ['Acceptance criteria: all tests pass', 'expectations', ['all tests pass']],
    ['[Constraints] two days', 'constraints', ['two days']],
  ] as const)('reads «%s» as %s', (text, kind, entries) => {
    expect(readByRules(text)[kind]).toEqual(entries);
  });

  it('takes no section from code or quotations', () => {
    const read = readByRules(
      'Fix it.\n\n```yaml\nconstraints: none\n# Goal\nmust: never\n```\n~~~~ draft\n目的：別のもの\n~~~~',
    );
    expect(read).toEqual({ purpose: ['Fix it.'], constraints: [], viewpoint: [], expectations: ['Fix it.'] });
  });
});

describe('readByRules: cue words', () => {
  it('reads plain English', () => {
    const text =
      'We want to move to the new queue so that noon is calm again. Do not touch the billing code. ' +
      'Write it for busy executives. Please give me a short list of risks? The sky is blue.';
    expect(readByRules(text)).toEqual({
      purpose: ['We want to move to the new queue so that noon is calm again.'],
      constraints: ['Do not touch the billing code.'],
      viewpoint: ['Write it for busy executives.'],
      expectations: ['Write it for busy executives.', 'Please give me a short list of risks?'],
    });
  });

  it('reads plain Japanese', () => {
    const text =
      '正午の遅延をなくすために新しいキューへ移ります。請求のコードには触らないでください。' +
      '経営層向けに書いてください。三百字以内でまとめてください。空は青い。';
    expect(readByRules(text)).toEqual({
      purpose: ['正午の遅延をなくすために新しいキューへ移ります。'],
      constraints: ['請求のコードには触らないでください。', '三百字以内でまとめてください。'],
      viewpoint: ['経営層向けに書いてください。'],
      expectations: [
        '請求のコードには触らないでください。',
        '経営層向けに書いてください。',
        '三百字以内でまとめてください。',
      ],
    });
  });

  it.each([
    ['When is the launch?', 'When is the launch?'],
    ['ローンチはいつですか。', 'ローンチはいつですか。'],
    ['Hello there. Explain monads.', 'Explain monads.'],
    ['Bonjour tout le monde', 'Bonjour tout le monde'],
  ])('takes what is asked in «%s» for the purpose', (text, purpose) => {
    expect(readByRules(text).purpose).toEqual([purpose]);
  });

  it('finds nothing in nothing', () => {
    for (const text of ['', ' \n\n ', '```\ncode\n```'])
      expect(readByRules(text)).toEqual({ purpose: [], constraints: [], viewpoint: [], expectations: [] });
  });
});

describe('readByRules: any text', () => {
  it('gives few and short entries, always the same, each once', () => {
    const unit = fc.constantFrom(
      '目的',
      '制約：',
      '## ',
      'Goal: ',
      '- ',
      '\n',
      '\n\n',
      'must ',
      '?',
      'ください。',
      '~~~~',
      'a',
      '【',
      '】',
      ' ',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        const read = readByRules(text);
        expect(readByRules(text)).toEqual(read);
        for (const entries of Object.values(read) as string[][]) {
          expect(entries.length).toBeLessThanOrEqual(8);
          expect(new Set(entries).size).toBe(entries.length);
          expect(
            entries.every((entry) => entry.trim() === entry && entry !== '' && entry.length <= 301),
          ).toBe(true);
        }
      }),
    );
  });

  it('reads a megabyte in a blink', () => {
    const startedAt = performance.now();
    for (const piece of ['must '.repeat(50), '【目的】', '## a: ', '**', '- '.repeat(20), 'ために']) {
      readByRules(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    }
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });
});
