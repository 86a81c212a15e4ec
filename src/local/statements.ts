import { sentencesOf } from '../text/sentences.ts';
import { termsOf } from '../text/words.ts';

/** A message to look for statements in. */
export interface Source {
  readonly text: string;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly name: string | undefined;
}

/** One sentence of a conversation, word for word. */
export interface Statement {
  readonly text: string;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly name: string | undefined;
  /** Index of its source. */
  readonly message: number;
  /** Its place among all statements, from 0. */
  readonly order: number;
  /** Its different terms. */
  readonly terms: ReadonlySet<string>;
}

const LIST_MARK = /^(?:[-*•・>]|#{1,6}|\d{1,3}[.)．、])[ \u3000]+|^[・•]/;
/** A longer piece is a dump, not a sentence. */
const MAX_CHARS = 600;

/** The sentences of a text, one line each, without list marks; code, rules and numbers that stand alone left out. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const sentence of sentencesOf(text)) {
    if (sentence.startsWith('```')) continue;
    for (const line of sentence.split('\n')) {
      const plain = line.trim().replace(LIST_MARK, '').trim();
      if (plain.length > 1 && plain.length <= MAX_CHARS) lines.push(plain);
    }
  }
  return lines;
}

/**
 * All that is stated in some messages. Linear in their length.
 *
 * @param wanted terms of the question: two words of a sentence that make one of them together ("roll back") count as that one too
 */
export function statementsOf(sources: readonly Source[], wanted: ReadonlySet<string>): Statement[] {
  const statements: Statement[] = [];
  for (const [message, { text: whole, role, name }] of sources.entries()) {
    for (const text of linesOf(withoutName(whole, name))) {
      const terms = termSet(text, wanted);
      if (terms.size > 1) statements.push({ text, role, name, message, order: statements.length, terms });
    }
  }
  return statements;
}

/** The different terms of a text, with the `wanted` ones that two neighbours make together. */
export function termSet(text: string, wanted: ReadonlySet<string>): ReadonlySet<string> {
  const terms = new Set<string>();
  let previous = '';
  for (const term of termsOf(text)) {
    terms.add(term);
    if (wanted.has(previous + term)) terms.add(previous + term);
    previous = term;
  }
  return terms;
}

/** A transcript often writes the speaker before every message; the speaker is told anyway. */
function withoutName(text: string, name: string | undefined): string {
  if (name === undefined || !text.startsWith(name)) return text;
  return text.slice(name.length).replace(/^\s*[:：]\s*/, '');
}
