import { foldText } from '../text/fold/fold-text.ts';
import { Folder } from '../text/fold/folder.ts';
import { TermSearch } from '../text/term-search.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { fieldOf } from './field-checks.ts';
import { forbidEntryOf } from './forbid-entry.ts';
import type { Persona } from './persona.ts';
import { textsOf } from './placeholders.ts';
import { renderWith } from './render-persona.ts';

/** Something about a persona that a person should look at; it works all the same. */
export interface PersonaIssue {
  readonly code:
    | 'forbidden-term-in-persona'
    | 'duplicate-forbidden-term'
    | 'overlapping-forbidden-terms'
    | 'long-persona-prompt';
  readonly severity: 'info' | 'warning';
  readonly message: string;
  /** Where, for example `style` or `forbid[2]`. */
  readonly path: string;
}

/** Above this, in estimated tokens, a prompt is said to be long: every call of the model pays for it. */
const LONG_PROMPT_TOKENS = 2000;

/** Issues of one kind that are told one by one; the rest is told as a number. */
const MAX_PER_CODE = 20;

/**
 * What in a persona is likely to be a mistake: forbidden terms in its own texts (a model imitates what it reads), terms that are written
 * twice or hold one another, a prompt of more than 2,000 tokens (estimated). Terms are compared as the step `forbid()` compares them: without
 * regard to case, width, kana, marks and zero-width characters, anywhere in a text. At most 20 of a kind are listed, then their number.
 */
export function findPersonaIssues(persona: Persona): PersonaIssue[] {
  const terms = persona.forbid ?? [];
  const folder = new Folder();
  const folded = terms.map((term) => foldedTerm(term, folder));
  const search = new TermSearch(folded);
  return [
    ...capped(termsInTexts(persona, terms, search, folder)),
    ...capped(duplicates(terms, folded)),
    ...capped(overlaps(terms, folded, search)),
    ...longPrompt(persona),
  ];
}

function termsInTexts(
  persona: Persona,
  terms: readonly string[],
  search: TermSearch,
  folder: Folder,
): PersonaIssue[] {
  // What a user says in an example is no model for answers.
  const texts = textsOf(persona).filter(([path]) => path.at(-1) !== 'user');
  return [[['name'], persona.name] as const, ...texts].flatMap(([place, text]) => {
    const path = fieldOf(place) ?? '';
    return search.termsIn(foldText(text, folder)).map((index) => ({
      code: 'forbidden-term-in-persona',
      severity: 'warning',
      message: `${path} holds «${terms[index] ?? ''}», which forbid[${index}] forbids. Say it in other words there.`,
      path,
    }));
  });
}

function duplicates(terms: readonly string[], folded: readonly string[]): PersonaIssue[] {
  const first = new Map<string, number>();
  return folded.flatMap((term, index) => {
    // Of regular expressions and classes only those that are written alike are known to be the same. No folded term holds what stands in front.
    const key = term === '' ? `\u200b${terms[index]?.trim() ?? ''}` : term;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    const message = `forbid[${index}] «${terms[index] ?? ''}» is the same as forbid[${earlier}]. Remove one of the two.`;
    return [{ code: 'duplicate-forbidden-term', severity: 'info', message, path: `forbid[${index}]` }];
  });
}

function overlaps(terms: readonly string[], folded: readonly string[], search: TermSearch): PersonaIssue[] {
  return folded.flatMap((term, index) => {
    const shorter = term === '' ? undefined : search.shorterTermIn(term);
    if (shorter === undefined) return [];
    const message =
      `forbid[${index}] «${terms[index] ?? ''}» holds «${terms[shorter] ?? ''}», which forbid[${shorter}] forbids already. ` +
      'The shorter one is enough.';
    return [{ code: 'overlapping-forbidden-terms', severity: 'info', message, path: `forbid[${index}]` }];
  });
}

function longPrompt(persona: Persona): PersonaIssue[] {
  const tokens = estimateTokens(promptAsWritten(persona));
  if (tokens <= LONG_PROMPT_TOKENS) return [];
  const { style = '', notes = '', forbid = [] } = persona;
  const sizes = {
    style: style.length,
    notes: notes.length,
    forbid: forbid.reduce((sum, term) => sum + term.length, 0),
  };
  const [path = 'style'] = Object.entries(sizes).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const message =
    `The persona's prompt has about ${tokens} tokens, and every call of the model pays for them. ` +
    `More than ${LONG_PROMPT_TOKENS} are seldom followed; ${path} is the largest part.`;
  return [{ code: 'long-persona-prompt', severity: 'warning', message, path }];
}

/** Before values are filled in, and without the parts that hold under a condition. */
function promptAsWritten(persona: Persona): string {
  return renderWith(persona, new Map(), {}).prompt;
}

function capped(issues: readonly PersonaIssue[]): PersonaIssue[] {
  const last = issues[MAX_PER_CODE];
  if (last === undefined) return [...issues];
  const message = `There are ${issues.length - MAX_PER_CODE} more of this kind (${last.code}), from ${last.path} on.`;
  return [...issues.slice(0, MAX_PER_CODE), { ...last, message }];
}

/** As the guard compares it; empty, and so never found, for regular expressions and classes, which are no texts. */
function foldedTerm(entry: string, folder: Folder): string {
  const read = forbidEntryOf(entry);
  return read.kind === 'term' ? foldText(read.term.trim(), folder) : '';
}
