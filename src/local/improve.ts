import { draftStatements, fit, readDraft, saidBy } from './answer.ts';
import { findings, type Finding } from './criticise.ts';
import { breaks } from './house-rules.ts';
import { render } from './render.ts';
import type { Statement } from './statements.ts';
import type { Task } from './task.ts';

/** The first pass, as text. */
export function writeDraft(task: Task): string {
  return write(draftStatements(task), task);
}

/** Both passes in one. */
export function writeAnswer(task: Task): string {
  const draft = writeDraft(task);
  return improved(draft, findings(draft, task), task);
}

/**
 * A draft, mended: statements that were found wanting are dropped, those that were found missing are added. Issues of a critic that
 * names neither (a language model's remarks) are taken as a reason to judge the draft anew.
 */
export function writeFinal(draft: string, issues: string | undefined, task: Task): string {
  const given = readFindings(issues);
  const usable = given.some(
    ({ quote }) => quote !== undefined && task.statements.some(({ text }) => text === quote),
  );
  return improved(draft, usable ? given : findings(draft, task), task);
}

function improved(draft: string, found: readonly Finding[], task: Task): string {
  const quotes = new Set(found.map(({ quote }) => quote));
  // A line that does not stand in the conversation came from elsewhere: this provider vouches for none of those.
  const lines = readDraft(draft, task).filter(({ message }) => message >= 0);
  const kept = lines.filter((line) => !quotes.has(line.text));
  const said = new Set(lines.map(({ text }) => text));
  for (const statement of task.statements) {
    if (quotes.has(statement.text) && !said.has(statement.text) && !saidBy(kept, statement))
      kept.push(statement);
  }
  const allowed = kept.filter(({ text }) => !breaks(text, task.rules));
  return write(allowed.length > 0 ? allowed : draftStatements(task), task);
}

function write(statements: readonly Statement[], task: Task): string {
  return render(fit(statements, task), task.question.language, task.rules);
}

function readFindings(issues: string | undefined): Finding[] {
  try {
    const value: unknown = JSON.parse(issues ?? '[]');
    return Array.isArray(value)
      ? value.filter((item): item is Finding => typeof (item as Finding | null)?.problem === 'string')
      : [];
  } catch {
    return [];
  }
}
