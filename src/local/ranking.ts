import type { AnswerKind } from './answer-kind.ts';
import { replaces } from './likeness.ts';
import { isQuestion, moodOf, reportsQuestion } from './mood.ts';
import type { Clause, Question } from './question.ts';
import type { Statement } from './statements.ts';
import { aroundMessages, TermWeights } from './term-weights.ts';

/** A statement and how well it answers. */
export interface Ranked {
  readonly statement: Statement;
  readonly score: number;
}

/** Set by trying them on conversations with known answers; no single one is critical. */
const WEIGHT = {
  question: 0.4,
  context: 0.25,
  around: 0.45,
  before: 0.3,
  introduced: 0.6,
  told: 0.35,
  kind: 0.55,
  echo: 0.5,
  reason: 0.75,
  far: 0.1,
  repeated: 0.88,
  topic: 0.6,
  recency: 0.08,
} as const;
/** How many statements per clause are looked at closely. */
const CLOSE = 24;
/** A sentence that only says that something follows. */
const INTRODUCES = /[:：]$|次のとおり|次の[二三四五六七八九]つ|(?:こう|以下)です。?$|as follows|these are/i;

/** Ranks the statements of a conversation by how well they answer a question. Each ranking is one pass over them. */
export class Ranking {
  readonly #statements: readonly Statement[];
  readonly #question: Question;
  readonly #weights: TermWeights;
  readonly #meanTerms: number;
  readonly #best = new Map<Clause | undefined, readonly Ranked[]>();
  readonly #replies = new Map<AnswerKind, ReadonlySet<number>>();
  /** How much of a clause stands in each message and next to it, 0 to 1. */
  readonly #around = new Map<Clause | undefined, readonly number[]>();

  constructor(statements: readonly Statement[], question: Question) {
    this.#statements = statements;
    this.#question = question;
    this.#weights = new TermWeights(statements, question);
    const terms = statements.reduce((sum, statement) => sum + statement.terms.size, 0);
    this.#meanTerms = terms / Math.max(1, statements.length);
  }

  /** The best answers to one clause of the question, or to all of it; the best one first. */
  best(clause: Clause | undefined, count: number): readonly Ranked[] {
    const known = this.#best.get(clause);
    if (known !== undefined) return known.slice(0, count);
    const anchor = clause === undefined ? undefined : this.#anchorOf(clause);
    let close: Ranked[] = [];
    for (const statement of this.#statements) {
      const near = anchor === undefined || Math.abs(statement.message - anchor - 0.5) < 1;
      const score = this.#score(statement, clause) * (near ? 1 : WEIGHT.far);
      if (score > 0) close.push({ statement, score });
      if (close.length > 1000) close = close.toSorted(byScore).slice(0, CLOSE);
    }
    const best = preferLater(close.toSorted(byScore).slice(0, CLOSE));
    this.#best.set(clause, best);
    return best.slice(0, count);
  }

  /** How much an answer would lose without a statement: its best place in the rankings of the clauses, and the score there. */
  worth(statement: Statement): number {
    let worth = 0;
    for (const clause of this.#question.clauses) {
      const ranked = this.best(clause, CLOSE);
      const at = ranked.findIndex((item) => item.statement === statement);
      if (at !== -1) worth = Math.max(worth, 10 / (at + 1) + (ranked[at]?.score ?? 0));
    }
    return worth;
  }

  /** A clause that hardly says what it is about («and why?») is answered where the one before it is: in that message or the next. */
  #anchorOf(clause: Clause): number | undefined {
    if (clause.previous === undefined || clause.terms.length > 2 || !isReason(clause)) return undefined;
    return this.best(clause.previous, 1)[0]?.statement.message;
  }

  /** 0 for a statement that has nothing to do with the question. */
  #score(statement: Statement, clause: Clause | undefined): number {
    const { text, order } = statement;
    // A reason takes as many words as it takes; of other answers the short one is the clearer.
    const length = isReason(clause)
      ? 1
      : 1 / (0.75 + 0.25 * Math.max(0.6, statement.terms.size / this.#meanTerms));
    const later = 1 + (WEIGHT.recency * order) / Math.max(1, this.#statements.length);
    const introduction = INTRODUCES.test(text) ? 0.3 : 1;
    // Who was there says it at first hand; what an assistant knows of it, it repeats.
    const voice = statement.role === 'assistant' ? WEIGHT.repeated : 1;
    return (
      voice *
      this.#relevance(statement, clause) *
      this.#news(statement) *
      length *
      later *
      moodOf(text) *
      introduction
    );
  }

  /** What says little but the question's own words asks it again rather than answers it. */
  #news({ terms }: Statement): number {
    let echoed = 0;
    for (const term of terms) if (this.#weights.has(term)) echoed += 1;
    return 1 - WEIGHT.echo * Math.max(0, (2 * echoed) / terms.size - 1);
  }

  #relevance(statement: Statement, clause: Clause | undefined): number {
    const whole = this.#weights.share(statement, this.#question.terms);
    const around = WEIGHT.around * (this.#aroundOf(clause)[statement.message] ?? 0);
    if (clause === undefined) return whole === 0 ? 0 : whole + around / 4;
    const previous = this.#before(statement);
    const before = previous === undefined ? 0 : this.#weights.share(previous, clause.terms);
    const introduced = previous !== undefined && INTRODUCES.test(previous.text);
    const context = clause.previous === undefined ? 0 : this.#weights.share(statement, clause.previous.terms);
    let given = 0;
    let told = 0;
    for (const kind of clause.kinds) {
      // After "He asks why: …", "The reason is this: …" and, in the next message, after "Why?" comes a reason, whatever it looks like.
      const follows =
        (kind.name === 'reason' && this.#repliesTo(kind).has(statement.message)) ||
        (previous !== undefined &&
          ((reportsQuestion(previous.text) && kind.asked.test(previous.text)) ||
            (introduced && kind.given.test(previous.text))));
      if (follows)
        told = Math.max(told, introduced && kind.given.test(previous.text) ? 2 * WEIGHT.told : WEIGHT.told);
      if (follows || kind.given.test(statement.text)) given += 1;
    }
    const weight = isReason(clause) ? WEIGHT.reason : WEIGHT.kind;
    const kind = clause.kinds.length === 0 ? 1 : 1 - weight + 2 * weight * (given / clause.kinds.length);
    const own = this.#weights.share(statement, clause.terms);
    // A reason is rarely given in the words of what it explains.
    const near =
      own * (isReason(clause) ? 0.4 : 1) + WEIGHT.question * whole + WEIGHT.context * context + around;
    const topical = 1 - WEIGHT.topic * (1 - (this.#aroundOf(undefined)[statement.message] ?? 0));
    return (
      (near + told * around + (introduced ? WEIGHT.introduced : WEIGHT.before) * before) * kind * topical
    );
  }

  /** What a sentence follows in its message: the line that introduces the list it is in, or the sentence before. */
  #before({ order, message }: Statement): Statement | undefined {
    for (let at = order - 1; at >= order - 4; at -= 1) {
      const earlier = this.#statements[at];
      if (earlier?.message !== message) break;
      if (INTRODUCES.test(earlier.text)) return earlier;
    }
    const previous = this.#statements[order - 1];
    return previous?.message === message ? previous : undefined;
  }

  /** The messages that come after one in which something of this kind is asked. */
  #repliesTo(kind: AnswerKind): ReadonlySet<number> {
    let replies = this.#replies.get(kind);
    if (replies === undefined) {
      const asking = this.#statements.filter(({ text }) => isQuestion(text) && kind.asked.test(text));
      this.#replies.set(kind, (replies = new Set(asking.map(({ message }) => message + 1))));
    }
    return replies;
  }

  #aroundOf(clause: Clause | undefined): readonly number[] {
    let around = this.#around.get(clause);
    if (around === undefined) {
      const terms =
        clause === undefined ? this.#question.terms : [...clause.terms, ...(clause.previous?.terms ?? [])];
      this.#around.set(clause, (around = aroundMessages(this.#statements, terms, this.#weights)));
    }
    return around;
  }
}

function isReason(clause: Clause | undefined): boolean {
  return clause?.kinds.some(({ name }) => name === 'reason') ?? false;
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || b.statement.order - a.statement.order;
}

/** Where two statements say much the same with other numbers, the later one holds. */
function preferLater(ranked: readonly Ranked[]): Ranked[] {
  const replaced = ({ statement: early }: Ranked): boolean =>
    ranked.some(({ statement: late }) => replaces(late, early));
  return ranked
    .map((item) => (replaced(item) ? { statement: item.statement, score: item.score * 0.5 } : item))
    .toSorted(byScore);
}
