import type { Language } from '../language.ts';
import { breaks, type HouseRules } from './house-rules.ts';
import type { Statement } from './statements.ts';

const FRAME: Record<Language, string> = { en: 'From the conversation:', ja: 'この会話から：' };
const NOTHING: Record<Language, string> = {
  en: 'The conversation holds nothing on this question.',
  ja: 'この会話には、この質問に答える発言がありません。',
};
const SPEAKER: Record<Language, Record<Statement['role'], string>> = {
  en: { user: 'user', assistant: 'assistant', tool: 'tool' },
  ja: { user: 'ユーザー', assistant: 'アシスタント', tool: 'ツール' },
};

/** Writes an answer: the statements word for word, in the order of the conversation, each with its speaker. */
export function render(statements: readonly Statement[], language: Language, rules: HouseRules): string {
  if (statements.length === 0) return without(NOTHING[language], rules);
  const lines = statements
    .toSorted((a, b) => a.order - b.order)
    .map((statement) => {
      const speaker = without(statement.name ?? SPEAKER[language][statement.role], rules);
      if (speaker === '') return `- ${statement.text}`;
      return language === 'ja' ? `- ${statement.text}（${speaker}）` : `- ${statement.text} (${speaker})`;
    });
  const frame = without(FRAME[language], rules);
  return frame === '' ? lines.join('\n') : `${frame}\n\n${lines.join('\n')}`;
}

/** Also the words that are ours obey the rules. */
function without(text: string, rules: HouseRules): string {
  return breaks(text, rules) ? '' : text;
}

/** Whether a text was written by {@link render}. */
export function isOwnAnswer(text: string): boolean {
  return Object.values(FRAME).some((frame) => text.startsWith(`${frame}\n\n- `));
}

/** A line of an answer without its speaker. */
export function unattributed(line: string): string {
  return line.replace(/ \([^()]{1,60}\)$|（[^（）]{1,60}）$/, '');
}
