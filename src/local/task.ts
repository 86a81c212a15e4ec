import { textOf, type Message } from '../message.ts';
import { readQuoted } from '../quote.ts';
import type { ChatRequest } from '../request.ts';
import { houseRules, type HouseRules } from './house-rules.ts';
import { questionOf, type Question } from './question.ts';
import { Ranking } from './ranking.ts';
import { isOwnAnswer } from './render.ts';
import { statementsOf, type Source, type Statement } from './statements.ts';

/** A request, read: what is asked, what there is to answer it from, and what the answer must keep to. */
export interface Task {
  readonly question: Question;
  readonly statements: readonly Statement[];
  readonly ranking: Ranking;
  readonly rules: HouseRules;
  /** The draft to judge or to mend, where there is one. */
  readonly draft: string | undefined;
  /** What a critic found in it, as text. */
  readonly issues: string | undefined;
}

/**
 * Reads a request. Question, draft and issues may stand as quoted data in the last user message, as the reflect step writes them; else
 * that message is the question. Terms to avoid come from the system messages and from `providerOptions.local.forbid`.
 */
export function readTask(request: ChatRequest): Task {
  const { messages } = request;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const message = messages[last];
  const text = message === undefined ? '' : textOf(message);
  const asked = withoutPrethought(readQuoted('question', text) ?? text);
  const question = questionOf(asked);
  const statements = statementsOf(
    sourcesOf(messages, last, asked, question.material),
    new Set(question.terms),
  );
  const system = messages.filter(({ role }) => role === 'system').map(textOf);
  return {
    question,
    statements,
    ranking: new Ranking(statements, question),
    rules: houseRules(system, strings(request.providerOptions?.['local']?.['forbid'])),
    draft: readQuoted('draft', text),
    issues: readQuoted('issues', text),
  };
}

/** What was said besides the question. What this provider wrote before is left out: it was quoted from the rest. */
function sourcesOf(messages: readonly Message[], last: number, asked: string, material: string): Source[] {
  const sources: Source[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, name } = message;
    if (role === 'system') continue;
    const text = index === last ? material : textOf(message);
    const repeated = index !== last && role === 'user' && text === asked;
    if (!repeated && !(role === 'assistant' && isOwnAnswer(text))) sources.push({ text, role, name });
  }
  return sources;
}

/** What a prethought step has put behind the question says it again. */
function withoutPrethought(text: string): string {
  const at = text.search(/\n\n~{4,} prethought\n/);
  return at === -1 ? text : text.slice(0, at);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
