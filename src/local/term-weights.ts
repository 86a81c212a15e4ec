import type { Question } from './question.ts';
import type { Statement } from './statements.ts';

const HIRAGANA = /^[\u3041-\u309f]+$/;
/** What is left of the weight of "roll" and of "back" where "rollback" has its own. */
const PART = 0.3;

/** How much each term of a question tells in a conversation: the part of BM25 that is called idf. */
export class TermWeights {
  readonly #weights = new Map<string, number>();

  constructor(statements: readonly Statement[], question: Question) {
    const counts = new Map<string, number>(question.terms.map((term) => [term, 0]));
    for (const { terms } of statements) {
      for (const [term, count] of counts) if (terms.has(term)) counts.set(term, count + 1);
    }
    for (const [term, count] of counts) {
      // Pairs of hiragana are as often grammar as words. A term that stands nowhere can't be answered and doesn't count.
      const weight = count === 0 ? 0 : HIRAGANA.test(term) ? 0.25 : 1;
      this.#weights.set(term, weight * Math.log(1 + (statements.length - count + 0.5) / (count + 0.5)));
    }
    for (const [whole, first, second] of question.pairs) {
      // "roll back" is also written "rollback"; "decides … rollback" is no word of anybody's.
      const isWord = statements.some(
        ({ terms }) => terms.has(whole) && !(terms.has(first) && terms.has(second)),
      );
      if (!isWord) this.#weights.delete(whole);
      else for (const part of [first, second]) this.#weights.set(part, this.of(part) * PART);
    }
  }

  /** Whether the question has the term. */
  has(term: string): boolean {
    return this.#weights.has(term);
  }

  /** 0 for a term that does not stand in the conversation. */
  of(term: string): number {
    return this.#weights.get(term) ?? 0;
  }

  /** The share of some terms, by weight, that a statement has: 0 to 1. */
  share(statement: Statement, terms: readonly string[]): number {
    let found = 0;
    let all = 0;
    for (const term of terms) {
      const weight = this.of(term);
      all += weight;
      if (statement.terms.has(term)) found += weight;
    }
    return all === 0 ? 0 : found / all;
  }
}

/**
 * How much of some terms stands in each message and next to it, 0 to 1. An answer stands next to what it answers, so a message counts with
 * a part of its neighbours, more of the one before.
 */
export function aroundMessages(
  statements: readonly Statement[],
  terms: readonly string[],
  weights: TermWeights,
): number[] {
  const found: Set<string>[] = [];
  for (const { message, terms: here } of statements) {
    const known = (found[message] ??= new Set());
    for (const term of terms) if (here.has(term)) known.add(term);
  }
  const own = Array.from(found, (known: Set<string> | undefined) =>
    [...(known ?? [])].reduce((sum, term) => sum + weights.of(term), 0),
  );
  const wide = own.map(
    (sum, at) => sum + 0.5 * (own[at - 1] ?? 0) + 0.25 * (own[at + 1] ?? 0) + 0.2 * (own[at - 2] ?? 0),
  );
  const most = wide.reduce((a, b) => Math.max(a, b), 0) || 1;
  return wide.map((sum) => sum / most);
}
