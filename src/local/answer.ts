import type { HouseRules } from './house-rules.ts';
import { breaks } from './house-rules.ts';
import { likeness } from './likeness.ts';
import { render, unattributed } from './render.ts';
import { linesOf, termSet, type Statement } from './statements.ts';
import type { Task } from './task.ts';

/** More than this many statements is no answer any more. */
const MAX_STATEMENTS = 12;
/** Of a longer draft only the beginning is judged: its lines are compared with one another. */
const MAX_DRAFT_LINES = 100;
/** From here on two statements say the same. */
const SAME = 0.7;

/** The first pass: the statements that have most of the question in them, different ones. */
export function draftStatements({ ranking, question, rules }: Task): Statement[] {
  const count = Math.min(6, Math.max(3, question.clauses.length));
  const chosen: Statement[] = [];
  for (const { statement } of ranking.best(undefined, count * 3)) {
    if (chosen.length < count && !breaks(statement.text, rules) && !saidBy(chosen, statement))
      chosen.push(statement);
  }
  return chosen;
}

/** Whether one of the statements says the same. */
export function saidBy(statements: readonly Statement[], statement: Statement): boolean {
  return statements.some((said) => said === statement || likeness(said, statement) >= SAME);
}

/** The statements a draft is made of. A line that does not stand in the conversation is a statement of message -1. */
export function readDraft(draft: string, { statements, question }: Task): Statement[] {
  const known = new Map(statements.map((statement) => [statement.text, statement]));
  const wanted = new Set(question.terms);
  const lines = linesOf(draft).slice(0, MAX_DRAFT_LINES);
  return lines.flatMap((line) => {
    const text = known.has(line) ? line : unattributed(line);
    const found = known.get(text);
    if (found !== undefined) return [found];
    const terms = termSet(text, wanted);
    return terms.size < 2
      ? []
      : [{ text, role: 'assistant' as const, name: undefined, message: -1, order: -1, terms }];
  });
}

/** Drops what counts least until the answer keeps the rules' length; one statement stays. */
export function fit(statements: readonly Statement[], { ranking, question, rules }: Task): Statement[] {
  const worth = (statement: Statement): number => ranking.worth(statement);
  const kept = statements.toSorted((a, b) => worth(b) - worth(a)).slice(0, MAX_STATEMENTS);
  while (kept.length > 1 && isTooLong(render(kept, question.language, rules), rules)) kept.pop();
  return kept;
}

export function isTooLong(text: string, { maxWords, maxChars }: HouseRules): boolean {
  return text.length > maxChars || (maxWords !== Infinity && text.split(/\s+/).length > maxWords);
}
