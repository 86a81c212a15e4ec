import type { Prethought } from '../event.ts';
import type { Language } from '../language.ts';
import { KINDS, type Kind } from './kinds.ts';

const NAMES: Readonly<Record<Language, Readonly<Record<Kind, string>>>> = {
  en: {
    purpose: 'Purpose',
    constraints: 'Constraints',
    viewpoint: 'Viewpoint',
    expectations: 'Expectations',
  },
  ja: { purpose: '目的', constraints: '制約', viewpoint: '視点', expectations: '期待' },
};

/** As text for a request: a heading a kind, an item an entry. */
export function renderThought(thought: Prethought, language: Language): string {
  const sections = KINDS.filter((kind) => thought[kind].length > 0).map((kind) =>
    [`${NAMES[language][kind]}:`, ...thought[kind].map((entry) => `- ${entry}`)].join('\n'),
  );
  return sections.join('\n');
}

/** As lines that a critic measures an answer by. */
export function rubricLines(thought: Prethought, language: Language): string[] {
  return KINDS.flatMap((kind) => thought[kind].map((entry) => `${NAMES[language][kind]}: ${entry}`));
}
