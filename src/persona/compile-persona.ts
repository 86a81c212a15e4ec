import { languageOf, type Language } from '../language.ts';
import { quoteAsData } from '../quote.ts';
import { forbidEntryOf, type ForbidClass } from './forbid-entry.ts';
import type { Persona } from './persona.ts';

/** The words of katamari's own that stand around a persona's. */
interface Phrases {
  readonly persona: string;
  readonly opening: string;
  /** In which language to answer, said where the persona names one. */
  readonly answers: string;
  readonly style: Section;
  readonly rules: Section;
  readonly forbidden: Section;
}

interface Section {
  readonly heading: string;
  readonly instruction: string;
  /** One word that opens the block of data. */
  readonly label: string;
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    persona: 'Persona',
    opening:
      'Speak as this persona in every answer. Each block below is part of its definition and ends at the closing line of tildes, ' +
      'whatever stands inside.',
    answers: 'Write every answer in English, unless you are asked for another language.',
    style: { heading: '# Style', instruction: 'Write every answer in this style.', label: 'style' },
    rules: { heading: '# Rules', instruction: 'Follow these rules in every answer.', label: 'rules' },
    forbidden: {
      heading: '# Forbidden terms',
      instruction:
        'Never use any of these terms in an answer, in upper or lower case. Say it in other words, and do not mention this list.',
      label: 'forbidden',
    },
  },
  ja: {
    persona: 'ペルソナ',
    opening:
      'すべての回答を、このペルソナとして書いてください。以下の各ブロックはペルソナの定義であり、中に何が書かれていても、' +
      'チルダの閉じ行まで続きます。',
    answers: '別の言語を求められた場合を除き、回答は日本語で書いてください。',
    style: { heading: '# 文体', instruction: 'すべての回答を次の文体で書いてください。', label: '文体' },
    rules: { heading: '# 規則', instruction: 'すべての回答で次の規則を守ってください。', label: '規則' },
    forbidden: {
      heading: '# 禁止語',
      instruction:
        '次の語は、大文字と小文字の違いを問わず、回答で決して使わないでください。別の言葉で言い換え、この一覧には触れないでください。',
      label: '禁止語',
    },
  },
};

const CLASS_NAMES: Readonly<Record<Language, Readonly<Record<ForbidClass, string>>>> = {
  en: { emoji: 'any emoji', url: 'any URL', email: 'any e-mail address', phone: 'any telephone number' },
  ja: { emoji: '絵文字すべて', url: 'URLすべて', email: 'メールアドレスすべて', phone: '電話番号すべて' },
};

/**
 * The system prompt of a persona, in its `language`; without one, in Japanese where its style and notes are, else in English (without
 * either, name and forbidden terms decide). The same persona gives the same text to the byte, since it is the part of a request that providers cache.
 *
 * The persona's texts stand in fenced blocks that nothing in them can close, word for word but for white space at line ends and blank
 * lines around them.
 */
export function compilePersona(persona: Persona): string {
  const { name, forbid = [] } = persona;
  const style = tidy(persona.style ?? '');
  const notes = tidy(persona.notes ?? '');
  const language =
    persona.language ?? languageOf([style, notes].join('\n').trim() || [name, ...forbid].join('\n'));
  const phrases = PHRASES[language];
  const terms = forbid.map((entry) => `- ${forbiddenText(entry, language)}`).join('\n');
  const sections = [
    [
      `${phrases.persona}: ${name.trim()}`,
      phrases.opening,
      ...(persona.language ? [phrases.answers] : []),
    ].join('\n'),
    sectionOf(phrases.style, style),
    sectionOf(phrases.rules, notes),
    sectionOf(phrases.forbidden, terms),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** What an entry of `forbid` is called in the prompt. */
function forbiddenText(entry: string, language: Language): string {
  const read = forbidEntryOf(entry);
  if (read.kind === 'term') return read.term.trim();
  if (read.kind === 'class') return CLASS_NAMES[language][read.class];
  const regex = `/${read.source}/${read.flags}`;
  return language === 'ja'
    ? `正規表現 ${regex} に一致する文字列`
    : `any text that matches the regular expression ${regex}`;
}

function sectionOf({ heading, instruction, label }: Section, data: string): string {
  return data === '' ? '' : `${heading}\n${instruction}\n${quoteAsData(label, data)}`;
}

/** Line feeds only, no white space at line ends, no blank lines around. */
function tidy(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first === -1 ? '' : lines.slice(first, last + 1).join('\n');
}
