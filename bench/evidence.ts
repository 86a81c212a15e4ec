/**
 * After trimming, are the messages that hold the answer still there? Asked of long conversations with known evidence; no model involved.
 * Each question is the last user message; recall is the share of a question's evidence messages kept word for word, averaged over the
 * questions. Everybody stands with his defaults. The budget is counted in two ways, o200k_base both times: over the contents of all kept
 * messages and the question, as others count it, and over the whole request, as a provider bills it: 4 tokens a message, names, priming.
 *
 *     node --conditions=@katamari/source bench/evidence.ts [--data DIR] [--set qmsum-val,jaquad-train] [--budgets 512,1024,2048,4096]
 *                                                          [--half dev|check] [--ablate]
 */
import { parseArgs } from 'node:util';

import type { Message } from '../src/message.ts';
import { bm25 } from '../src/text/bm25.ts';
import { loadEncoding } from '../src/tokens/load-counter.ts';
import { RequestCounter } from '../src/tokens/request-counter.ts';
import type { Costs } from '../src/trim/cost-ledger.ts';
import { HistoryIndex } from '../src/trim/history-index.ts';
import { RELEVANCE_WEIGHTS, type RelevanceWeights } from '../src/trim/relevant/relevance-weights.ts';
import { FactBook } from '../src/trim/retention/fact-retention.ts';
import { runTrim } from '../src/trim/run-trim.ts';
import { planTrim, type TrimOptions } from '../src/trim/trim-options.ts';
import { DATA_FOLDER, readConversations, tokensOf, type Conversation } from './conversations.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: DATA_FOLDER },
    set: { type: 'string', default: 'qmsum-val,jaquad-train' },
    budgets: { type: 'string', default: '512,1024,2048,4096' },
    half: { type: 'string' },
    ablate: { type: 'boolean', default: false },
  },
});

const BUDGETS = values.budgets.split(',').map(Number);

/** One question with all that a method may look at. */
interface Ask {
  /** The conversation and the question. */
  readonly history: readonly Message[];
  readonly evidence: ReadonlySet<number>;
  readonly index: HistoryIndex;
}

/** Gives the places that are kept. */
type Method = (ask: Ask, budgetTokens: number, costs: Costs) => ReadonlySet<number>;

const sizes = new WeakMap<Message, number>();

function contentTokens(message: Message): number {
  const size = sizes.get(message) ?? tokensOf(message.content as string);
  sizes.set(message, size);
  return size;
}

/** The two ways to count. */
const COUNTS: Readonly<Record<string, Costs>> = {
  'by contents': {
    exact: true,
    message: contentTokens,
    messageUpperBound: contentTokens,
    request: ({ messages }) => messages.reduce((sum, message) => sum + contentTokens(message), 0),
  },
  'the whole request': new RequestCounter(await loadEncoding('o200k_base')),
};

/** Keeps messages in the given order beside the question; passes over what does not fit, or stops there. */
function fill(order: Iterable<number>, stops: boolean): Method {
  return ({ history }, budgetTokens, costs) => {
    const kept = new Set<number>();
    let left = budgetTokens - costs.request({ messages: history.slice(-1) });
    for (const place of order) {
      const message = history[place];
      const cost = message === undefined ? Infinity : costs.message(message);
      if (cost <= left) {
        left -= cost;
        kept.add(place);
      } else if (stops) break;
    }
    return kept;
  };
}

const before = ({ history }: Ask): number[] =>
  Array.from({ length: history.length - 1 }, (_, place) => place);

const lastMessages: Method = (ask, ...rest) => fill(before(ask).toReversed(), true)(ask, ...rest);

const plainBm25: Method = (ask, ...rest) => {
  const scores = bm25(ask.index.words.terms, ask.history.at(-1)?.content as string);
  const order = before(ask).toSorted(
    (one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || other - one,
  );
  return fill(order, false)(ask, ...rest);
};

const oracle: Method = (ask, budgetTokens, costs) => {
  const costOf = (place: number): number =>
    ask.history.slice(place, place + 1).reduce((_, message) => costs.message(message), 0);
  const order = [...ask.evidence].toSorted((one, other) => costOf(one) - costOf(other));
  return fill(order, false)(ask, budgetTokens, costs);
};

function katamari(options: Partial<TrimOptions> = {}): Method {
  return ({ history, index }, targetTokens, costs) => {
    const plan = planTrim({ targetTokens, measureFacts: false, ...options });
    const { messages, report } = runTrim({ messages: history }, plan, {
      costs,
      facts: new FactBook(),
      index,
    });
    if (costs.request({ messages }) > targetTokens)
      throw new Error(`over the budget of ${targetTokens} tokens`);
    return new Set(report.messages.filter(({ fate }) => fate === 'kept').map((fate) => fate.index));
  };
}

const [unit, exchange, topic] = RELEVANCE_WEIGHTS.levels;
const ABLATIONS: Readonly<Record<string, Partial<RelevanceWeights>>> = {
  'without the exchange': { levels: [unit, topic].filter((level) => level !== undefined) },
  'without the topic': { levels: [unit, exchange].filter((level) => level !== undefined) },
  'the unit alone': { levels: [unit].filter((level) => level !== undefined) },
  'without value per token': { costPower: 0 },
  'without related words': { related: 0 },
  'without share of terms': { share: 0 },
  'without speakers': { speaker: 0, person: 0 },
  'without kinds of answer': { answer: 0 },
  'without question weight': { question: 1 },
  'without instructions': { instruction: 0 },
  'words on talking in full': { talking: 1 },
};

/** Katamari with some weights changed while it is at work. */
function withWeights(weights: Partial<RelevanceWeights>): Method {
  const run = katamari();
  return (...asked) => {
    const usual = { ...RELEVANCE_WEIGHTS };
    Object.assign(RELEVANCE_WEIGHTS, weights);
    const kept = run(...asked);
    Object.assign(RELEVANCE_WEIGHTS, usual);
    return kept;
  };
}

function read(set: string): Conversation[] {
  const all = readConversations(values.data, set);
  return values.half === undefined
    ? all
    : all.filter((_, place) => place % 2 === (values.half === 'dev' ? 0 : 1));
}

function asksOf(conversation: Conversation): Ask[] {
  const said = conversation.messages.map(({ role, name, content }): Message => ({
    role: role === 'assistant' ? 'assistant' : 'user',
    content,
    ...(name !== undefined && { name }),
  }));
  const places = new Map(conversation.messages.map((message, place) => [message.id, place]));
  const index = new HistoryIndex();
  index.words.sync(said.map(({ content, name, role }) => ({ text: content as string, name, role })));
  return conversation.questions.map(({ question, evidence }) => ({
    history: [...said, { role: 'user', content: question }],
    evidence: new Set(evidence.map((id) => places.get(id)).filter((place) => place !== undefined)),
    index,
  }));
}

/** Recall by budget, and in how many steps from one budget to the next a message of the evidence was lost. */
function examine(asks: readonly Ask[], method: Method, costs: Costs): string {
  const shares = BUDGETS.map(() => 0);
  let lost = 0;
  for (const ask of asks) {
    let smaller: number[] = [];
    for (const [column, budget] of BUDGETS.entries()) {
      const kept = method(ask, budget, costs);
      if (smaller.some((place) => !kept.has(place))) lost += 1;
      smaller = [...ask.evidence].filter((place) => kept.has(place));
      shares[column] = (shares[column] ?? 0) + smaller.length / ask.evidence.size;
    }
  }
  const cells = shares.map((share) => ((100 * share) / asks.length).toFixed(1).padStart(7));
  return `${cells.join(' ')} ${String(lost).padStart(6)} of ${asks.length * (BUDGETS.length - 1)}`;
}

for (const set of values.set.split(',')) {
  const asks = read(set)
    .flatMap(asksOf)
    .filter((ask) => ask.evidence.size > 0);
  const methods: Record<string, Method> = {
    'last-N': lastMessages,
    'plain BM25': plainBm25,
    katamari: katamari(),
    'katamari, minTurns: 0': katamari({ minTurns: 0 }),
    'the best possible': oracle,
  };
  if (values.ablate)
    for (const [name, weights] of Object.entries(ABLATIONS)) methods[name] = withWeights(weights);
  for (const [way, costs] of Object.entries(COUNTS)) {
    console.log(`\n${set}, ${asks.length} questions, ${way}: evidence messages kept word for word, %`);
    console.log(
      `${''.padEnd(26)} ${BUDGETS.map((budget) => String(budget).padStart(7)).join(' ')}   lost by a larger budget`,
    );
    for (const [name, method] of Object.entries(methods))
      console.log(`${name.padEnd(26)} ${examine(asks, method, costs)}`);
  }
}
