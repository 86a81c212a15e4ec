import type { Language } from '../language.ts';
import { isTooLong, readDraft, saidBy } from './answer.ts';
import { breaks } from './house-rules.ts';
import { replaces } from './likeness.ts';
import type { Statement } from './statements.ts';
import type { Task } from './task.ts';

/** One finding, in the form in which a critic is asked to give it. */
export interface Finding {
  readonly severity: 'major' | 'minor';
  /** The statement it is about: one of the draft to drop, or one of the conversation to add. */
  readonly quote?: string;
  readonly problem: string;
}

/** A further answer to a clause is worth its line from this share of the best one's score. */
const FURTHER = 0.5;

/** A draft in other words says a statement when it holds this share of its terms. */
const PARAPHRASED = 0.6;

const PROBLEMS: Record<
  Language,
  Record<'forbidden' | 'replaced' | 'missing' | 'more' | 'beside' | 'twice' | 'long', string>
> = {
  en: {
    forbidden: 'Holds a term that must not be used: drop it.',
    replaced: 'A later statement replaces this one: drop it.',
    missing: 'Left out, though it answers this part of the question: ',
    more: 'Left out, though it adds to the answer to: ',
    beside: 'Answers no part of the question: drop it.',
    twice: 'Says again what another line says: drop it.',
    long: 'Longer than the system messages allow: keep what counts most.',
  },
  ja: {
    forbidden: '使ってはならない語を含むため、削る。',
    replaced: '後の発言で改められているため、削る。',
    missing: '質問のこの部分に答える発言が抜けている：',
    more: '質問のこの部分への答えを補う発言が抜けている：',
    beside: '質問のどの部分にも答えていないため、削る。',
    twice: '他の行と同じ内容のため、削る。',
    long: 'システムメッセージの定める長さを超えるため、重要なものだけを残す。',
  },
};

/** Measures a draft clause by clause and by the rules of the house. No findings: the draft is as good as this provider can make it. */
export function findings(draft: string, task: Task): Finding[] {
  const says = PROBLEMS[task.question.language];
  const lines = readDraft(draft, task);
  const found: Finding[] = [];
  const dropped = new Set<Statement>();
  const drop = (line: Statement, severity: Finding['severity'], problem: string): void => {
    if (dropped.has(line)) return;
    dropped.add(line);
    found.push({ severity, quote: line.text, problem });
  };
  for (const line of lines) if (breaks(line.text, task.rules)) drop(line, 'major', says.forbidden);
  for (const line of lines) if (isReplaced(line, task)) drop(line, 'major', says.replaced);
  for (const { statement, clause, first } of wantedBy(task)) {
    if (lines.includes(statement) && !dropped.has(statement)) continue;
    if (
      isSaid(
        statement,
        lines.filter((line) => !dropped.has(line)),
      )
    )
      continue;
    const problem = `${first ? says.missing : says.more}${clause}`;
    if (!found.some(({ quote }) => quote === statement.text)) {
      found.push({ severity: first ? 'major' : 'minor', quote: statement.text, problem });
    }
  }
  const close = task.question.clauses.flatMap((clause) =>
    task.ranking.best(clause, 5).map(({ statement }) => statement),
  );
  for (const [at, line] of lines.entries()) {
    const others = lines.slice(0, at).filter((other) => !dropped.has(other));
    if (saidBy(others, line)) drop(line, 'minor', says.twice);
    else if (close.length > 0 && !saidBy(close, line)) drop(line, 'minor', says.beside);
  }
  if (isTooLong(draft, task.rules)) found.push({ severity: 'major', problem: says.long });
  return found;
}

/** Whether a draft says a statement: in a line of the conversation that is much like it, or in words of its own that hold most of its terms. */
function isSaid(statement: Statement, lines: readonly Statement[]): boolean {
  const own = new Set<string>();
  for (const line of lines) if (line.message < 0) for (const term of line.terms) own.add(term);
  const known = lines.filter(({ message }) => message >= 0);
  const held = [...statement.terms].filter((term) => own.has(term)).length;
  return saidBy(known, statement) || held >= statement.terms.size * PARAPHRASED;
}

interface Wanted {
  readonly statement: Statement;
  readonly clause: string;
  /** Whether it is the best answer to its clause. */
  readonly first: boolean;
}

/**
 * What an answer should hold: for each clause its best statement, and further ones that are nearly as good and say something that is not
 * wanted already. A question of few clauses gets more for each.
 */
function wantedBy({ ranking, question, rules }: Task): Wanted[] {
  const wanted: Wanted[] = [];
  for (const clause of question.clauses) {
    const ranked = ranking.best(clause, 10).filter(({ statement }) => !breaks(statement.text, rules));
    const floor = (ranked[0]?.score ?? 0) * FURTHER;
    let room = (question.clauses.length > 4 ? 2 : 3) + (clause.kinds.length > 1 ? 1 : 0);
    for (const { statement, score } of ranked) {
      const others = wanted.map((item) => item.statement);
      if (room === 0 || score < floor || saidBy(others, statement)) continue;
      wanted.push({ statement, clause: clause.text, first: statement === ranked[0]?.statement });
      room -= 1;
    }
  }
  return wanted;
}

function isReplaced(line: Statement, { question, ranking }: Task): boolean {
  if (line.message < 0) return false;
  return question.clauses.some((clause) =>
    ranking.best(clause, 6).some(({ statement }) => replaces(statement, line)),
  );
}
