import { languageOf, type Language } from '../language.ts';
import type { ScoreProblem, Scorer } from '../scorer.ts';
import { invalid, makeScorer } from './make-scorer.ts';

/** What a text must look like; what is left out may be as it is. */
export interface FormatRules {
  /** Markdown headings that must stand there, in this order, without their `#`. */
  readonly headings?: readonly string[];
  /** Whether there must be a list of Markdown, or must be none. */
  readonly list?: boolean;
  /** Whether there must be a block of code in fences, or must be none. One that is not closed is always a problem where this is said. */
  readonly code?: boolean;
  /** Lines that are not blank, at most. */
  readonly maxLines?: number;
  /** Paragraphs, at most. */
  readonly maxParagraphs?: number;
  readonly startsWith?: string;
  readonly endsWith?: string;
  readonly language?: Language;
}

type Check = (text: string) => string | undefined;

/**
 * Whether a text has the form that is asked for. The score is the share of the rules that hold.
 *
 * @throws KatamariError code `invalid-input` without a rule
 */
export function formatScorer(rules: FormatRules): Scorer {
  const checks = checksOf(rules);
  if (checks.length === 0) throw invalid('formatScorer() needs a rule, for example { maxLines: 10 }.');
  return makeScorer('format', ({ text }) => {
    const problems = checks.flatMap((check): ScoreProblem[] => {
      const problem = check(text);
      return problem === undefined ? [] : [{ problem }];
    });
    const score = 1 - problems.length / checks.length;
    return { score, pass: problems.length === 0, problems, figures: { rules: checks.length } };
  });
}

function checksOf(rules: FormatRules): Check[] {
  const { headings, list, code, maxLines, maxParagraphs, startsWith, endsWith, language } = rules;
  const checks: (Check | undefined)[] = [
    headings && ((text) => headingProblem(text, headings)),
    list === undefined
      ? undefined
      : (text) => presence('a list', /^[ \t]*(?:[-*+・]|\d+[.)])[ \t]/m.test(text), list),
    code === undefined ? undefined : (text) => codeProblem(text, code),
    maxLines === undefined
      ? undefined
      : (text) => tooMany('lines', text.split('\n').filter(isFilled).length, maxLines),
    maxParagraphs === undefined
      ? undefined
      : (text) => tooMany('paragraphs', text.split(/\n[ \t]*\n/).filter(isFilled).length, maxParagraphs),
    startsWith === undefined
      ? undefined
      : (text) =>
          text.trimStart().startsWith(startsWith) ? undefined : `The text must begin with «${startsWith}».`,
    endsWith === undefined
      ? undefined
      : (text) => (text.trimEnd().endsWith(endsWith) ? undefined : `The text must end with «${endsWith}».`),
    language &&
      ((text) =>
        languageOf(text) === language ? undefined : `The text must be written in ${NAMES[language]}.`),
  ];
  return checks.filter((check) => check !== undefined);
}

const NAMES: Readonly<Record<Language, string>> = { en: 'English', ja: 'Japanese' };

function isFilled(text: string): boolean {
  return text.trim() !== '';
}

function tooMany(what: string, count: number, max: number): string | undefined {
  return count <= max ? undefined : `The text has ${count} ${what}; at most ${max} are allowed.`;
}

function presence(what: string, isThere: boolean, wanted: boolean): string | undefined {
  if (isThere === wanted) return undefined;
  return wanted ? `The text must hold ${what}.` : `The text must not hold ${what}.`;
}

function codeProblem(text: string, wanted: boolean): string | undefined {
  const fences = text.match(/^[ \t]*```/gm)?.length ?? 0;
  if (fences % 2 === 1) return 'A block of code is not closed.';
  return presence('a block of code', fences > 0, wanted);
}

function headingProblem(text: string, wanted: readonly string[]): string | undefined {
  const found = Array.from(text.matchAll(/^#{1,6}[ \t]+(.*)$/gm), ([, heading = '']) =>
    heading.replace(/[ \t#]+$/, '').trim(),
  );
  let at = 0;
  for (const heading of wanted) {
    const place = found.indexOf(heading, at);
    if (place === -1) return `The heading «${heading}» is missing, or not in its place.`;
    at = place + 1;
  }
  return undefined;
}
