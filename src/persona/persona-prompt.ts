import type { Language } from '../language.ts';
import { quoteAsData } from '../quote.ts';
import { forbidEntryOf } from './forbid-entry.ts';
import { PHRASES, type Phrases, type Section } from './persona-phrases.ts';
import type { Persona, PersonaFormat } from './persona.ts';

/**
 * The text of the prompt, for a persona whose conditions are decided and whose values are filled in.
 *
 * @param names - of the variables that were filled in
 */
export function personaPrompt(persona: Persona, language: Language, names: readonly string[]): string {
  const { name, style = '', notes = '', forbid = [], format = {} } = persona;
  const phrases = PHRASES[language];
  const opening = [`${phrases.persona}: ${name.trim()}`, phrases.opening];
  if (persona.language !== undefined) opening.push(phrases.answers);
  if (names.length > 0) opening.push(phrases.values(names.join(', ')));
  const terms = forbid.map((entry) => `- ${forbiddenText(entry, phrases)}`).join('\n');
  const sections = [
    opening.join('\n'),
    sectionOf(phrases.style, tidy(style)),
    sectionOf(phrases.rules, tidy(notes)),
    sectionOf(phrases.format, formatText(format, phrases)),
    sectionOf(phrases.forbidden, terms),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** Line feeds only, no white space at line ends, no blank lines around. */
export function tidy(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first === -1 ? '' : lines.slice(first, last + 1).join('\n');
}

function sectionOf({ heading, instruction, label }: Section, data: string): string {
  return data === '' ? '' : `${heading}\n${instruction}\n${quoteAsData(label, data)}`;
}

function formatText(
  { maxWords, maxCharacters, headings = [], json }: PersonaFormat,
  phrases: Phrases,
): string {
  const lines: string[] = [];
  if (maxWords !== undefined) lines.push(phrases.maxWords(maxWords));
  if (maxCharacters !== undefined) lines.push(phrases.maxCharacters(maxCharacters));
  if (json !== undefined) lines.push(phrases.json);
  if (headings.length > 0) lines.push(phrases.headings, ...headings.map((heading) => `- ${heading.trim()}`));
  return lines.join('\n');
}

/** What an entry of `forbid` is called in the prompt. */
function forbiddenText(entry: string, { classes, regex }: Phrases): string {
  const read = forbidEntryOf(entry);
  if (read.kind === 'term') return read.term.trim();
  return read.kind === 'class' ? classes[read.class] : regex(`/${read.source}/${read.flags}`);
}
