import { describe, expect, it } from 'vitest';

import type { Message } from '../../../src/message.ts';
import { displayWidth, explainTrim } from '../../../src/trim/explain-trim.ts';
import { trimMessages } from '../../../src/trim/trim-messages.ts';
import { countingCosts } from './histories.ts';

const messages: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Where is my parcel? '.repeat(30) },
  { role: 'assistant', content: 'In Osaka.' },
  { role: 'user', content: 'いつ届きますか？ '.repeat(3) },
  { role: 'assistant', content: '明日の午後に届きます。\nお待ちください。' },
  { role: 'user', content: 'Thanks \u001b[31m 🎉' },
];

describe('explainTrim', () => {
  const { report } = trimMessages(
    { messages },
    { targetTokens: 90, strategy: 'recent', counter: countingCosts() },
  );

  it('prints one line per message, what was dropped together on one', () => {
    expect(explainTrim(report).split('\n')).toEqual([
      'trim recent: 223 -> 54 tokens (budget 90), 4 of 6 messages kept',
      '  0  system      kept     system         10',
      '1-2  2 messages  dropped  budget        169',
      '  3  user        kept     recent         15',
      '  4  assistant   kept     recent         14',
      '  5  user        kept     current-turn   12',
    ]);
  });

  it('is plain ASCII without the messages', () => {
    expect(explainTrim(report)).toMatch(/^[\n -~]*$/);
  });

  it('aligns the beginnings of messages in both languages, and lets no control character through', () => {
    const lines = explainTrim(report, messages).split('\n');
    expect(lines[2]?.endsWith('169')).toBe(true);
    expect(lines[3]).toContain('15  いつ届きますか？ いつ届きますか？ い...');
    expect(lines[4]).toContain('14  明日の午後に届きます。 お待ちください。');
    expect(lines[5]).toContain('12  Thanks [31m 🎉');
  });
});

describe('displayWidth', () => {
  it.each([
    ['abc', 3],
    ['日本語', 6],
    ['ｱｲｳ', 3],
    ['（全角）', 8],
    ['e\u0301', 1],
    ['🎉', 2],
    ['', 0],
  ])('takes %s for %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});
