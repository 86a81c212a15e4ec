import { languageOf } from '../language.ts';
import { loadCounter } from '../tokens/load-counter.ts';
import { fieldOf } from './field-checks.ts';
import { findForbidden } from './guard/find-forbidden.ts';
import { defaultLintPatterns, type LintPattern } from './lint-patterns.ts';
import { findPersonaIssues } from './persona-issues.ts';
import type { Persona } from './persona.ts';
import { placeholdersIn, textsOf, type PlacedText } from './placeholders.ts';
import { renderWith } from './render-persona.ts';

/** Something that {@link lintPersona} found. */
export interface LintFinding {
  /** For a program, for example `unused-variable`. */
  readonly code: string;
  readonly severity: 'info' | 'warning';
  readonly message: string;
  /** Where, for example `variables.customer`. */
  readonly path: string;
}

/** Options of {@link lintPersona}. */
export interface LintPersonaOptions {
  /** Models whose tokens are counted. @defaultValue none; the estimate of `findPersonaIssues` holds all the same */
  readonly models?: readonly string[];
  /** The longest prompt, in tokens of each of the models. @defaultValue 2000 */
  readonly maxTokens?: number;
  /** What the texts should not hold. @defaultValue {@link defaultLintPatterns} */
  readonly patterns?: readonly LintPattern[];
}

/**
 * What in a persona is likely to be a mistake: all of `findPersonaIssues`; variables that nothing asks for and placeholders without a variable;
 * examples that break the persona's own `forbid` or `format`; a language or a limit that the texts contradict; prompts that are too long for a
 * model's taste; patterns that have no place in a persona. What is found is told with its place and never with a secret.
 */
export async function lintPersona(
  persona: Persona,
  options: LintPersonaOptions = {},
): Promise<LintFinding[]> {
  const { models = [], maxTokens = 2000, patterns = defaultLintPatterns } = options;
  const texts = textsOf(persona);
  return [
    ...findPersonaIssues(persona),
    ...variableFindings(persona, texts),
    ...exampleFindings(persona, texts),
    ...contradictions(persona),
    ...patternFindings(texts, patterns),
    ...(await lengthFindings(persona, models, maxTokens)),
  ];
}

function variableFindings(persona: Persona, texts: readonly PlacedText[]): LintFinding[] {
  const asked = new Set(texts.flatMap(([, text]) => placeholdersIn(text)));
  for (const { if: condition } of persona.when ?? [])
    for (const name of Object.keys(condition.variables ?? {})) asked.add(name);
  if (persona.variables === undefined) {
    return texts.flatMap(([path, text]) =>
      placeholdersIn(text).map((name) =>
        warn(
          'undefined-variable',
          path,
          `{{${name}}} stands for nothing, since the persona has no «variables».`,
        ),
      ),
    );
  }
  const unused = Object.keys(persona.variables).filter((name) => !asked.has(name));
  return unused.map((name) =>
    warn('unused-variable', ['variables', name], `Nothing asks for the variable «${name}». Remove it.`),
  );
}

function exampleFindings({ forbid = [], format }: Persona, texts: readonly PlacedText[]): LintFinding[] {
  const entries = forbid.filter((entry) => /^\s*(?:\/|class:)/.test(entry));
  return texts
    .filter(([path]) => path.at(-1) === 'assistant')
    .flatMap(([path, text]) => {
      const broken =
        entries.length === 0 ? [] : findForbidden(text, entries).flatMap((finding) => finding.entries);
      const forbidden = [...new Set(broken)].map((index) =>
        warn('forbidden-in-example', path, `The example holds what «${entries[index] ?? ''}» forbids.`),
      );
      const words = text.split(/\s+/).filter((word) => word !== '').length;
      const { maxWords = Infinity, maxCharacters = Infinity } = format ?? {};
      const tooLong = words > maxWords || text.length > maxCharacters;
      return tooLong
        ? [...forbidden, warn('example-breaks-format', path, 'The example is longer than «format» allows.')]
        : forbidden;
    });
}

function contradictions({ language, style = '', notes = '', format }: Persona): LintFinding[] {
  const text = `${style}\n${notes}`;
  const found: LintFinding[] = [];
  if (language !== undefined && text.trim() !== '' && languageOf(text) !== language) {
    found.push(
      warn(
        'language-mismatch',
        ['language'],
        `language is ${language}, but style and notes are in another language.`,
      ),
    );
  }
  const [, words] = /\b(?:under|at most|within|no more than)\s{1,3}(\d{1,6})\s{1,3}words\b/i.exec(text) ?? [];
  if (words !== undefined && format?.maxWords !== undefined && Number(words) !== format.maxWords) {
    found.push(
      warn(
        'conflicting-limits',
        ['format', 'maxWords'],
        `The texts say ${words} words, format.maxWords says ${format.maxWords}.`,
      ),
    );
  }
  const [, characters] = /(\d{1,6})\s?(?:字|文字)(?:以内|以下|まで)/.exec(text.normalize('NFKC')) ?? [];
  if (
    characters !== undefined &&
    format?.maxCharacters !== undefined &&
    Number(characters) !== format.maxCharacters
  ) {
    const message = `The texts say ${characters} characters, format.maxCharacters says ${format.maxCharacters}.`;
    found.push(warn('conflicting-limits', ['format', 'maxCharacters'], message));
  }
  if (format?.json !== undefined && (format.headings ?? []).length > 0) {
    found.push(
      warn(
        'conflicting-formats',
        ['format'],
        'Answers can’t be JSON and have headings. Keep one of the two.',
      ),
    );
  }
  return found;
}

function patternFindings(texts: readonly PlacedText[], patterns: readonly LintPattern[]): LintFinding[] {
  return texts.flatMap(([path, text]) =>
    patterns
      .filter(({ pattern }) => pattern.test(text))
      .map(({ code, message }) => warn(code, path, message)),
  );
}

async function lengthFindings(
  persona: Persona,
  models: readonly string[],
  maxTokens: number,
): Promise<LintFinding[]> {
  const { prompt } = renderWith(persona, new Map(), {});
  const found: LintFinding[] = [];
  for (const model of models) {
    const counter = await loadCounter(model);
    const tokens = counter.count(prompt);
    if (tokens <= maxTokens) continue;
    const about = counter.exact ? '' : 'about ';
    found.push(
      warn(
        'long-prompt-for-model',
        ['style'],
        `For ${model} the prompt has ${about}${tokens} tokens, more than ${maxTokens}.`,
      ),
    );
  }
  return found;
}

function warn(code: string, path: PlacedText[0], message: string): LintFinding {
  return { code, severity: 'warning', message, path: fieldOf(path) ?? '' };
}
