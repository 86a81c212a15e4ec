/**
 * After trimming, are the messages that hold the answer still there? Asked of long conversations with known evidence; no model involved.
 * Each question is the last user message; a message is a unit; the budget covers the contents of all kept messages and the question,
 * counted with o200k_base; recall is the share of a question's evidence messages kept word for word, averaged over the questions.
 *
 *     node --conditions=@katamari/source bench/evidence.ts [--data DIR] [--set qmsum-val,jaquad-train] [--budgets 512,1024,2048,4096]
 *                                                          [--half dev|check] [--ablate]
 */
import { parseArgs } from 'node:util';

import { bm25 } from '../src/text/bm25.ts';
import { RELEVANCE_WEIGHTS, type RelevanceWeights } from '../src/trim/relevant/relevance-weights.ts';
import { UnitIndex } from '../src/trim/relevant/unit-index.ts';
import { selectRelevant } from '../src/trim/select-relevant.ts';
import { DATA_FOLDER, readConversations, tokensOf as count, type Conversation } from './conversations.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: DATA_FOLDER },
    set: { type: 'string', default: 'qmsum-val,jaquad-train' },
    budgets: { type: 'string', default: '512,1024,2048,4096' },
    half: { type: 'string' },
    ablate: { type: 'boolean', default: false },
  },
});

/** One question with all that a method may look at. */
interface Ask {
  readonly conversation: Conversation;
  readonly costs: readonly number[];
  readonly question: string;
  readonly budgetTokens: number;
  readonly evidence: ReadonlySet<number>;
  readonly index: UnitIndex;
}

type Method = (ask: Ask) => Iterable<number>;

const BUDGETS = values.budgets.split(',').map(Number);

/** Keeps units in the given order; passes over what does not fit, or stops there. */
function fill(order: Iterable<number>, { costs, budgetTokens }: Ask, stops: boolean): number[] {
  const kept: number[] = [];
  let left = budgetTokens;
  for (const unit of order) {
    const cost = costs[unit] ?? 0;
    if (cost <= left) {
      left -= cost;
      kept.push(unit);
    } else if (stops) break;
  }
  return kept;
}

const newestFirst = (ask: Ask): number[] => ask.costs.map((_, unit) => ask.costs.length - 1 - unit);

const lastMessages: Method = (ask) => fill(newestFirst(ask), ask, true);

const plainBm25: Method = (ask) => {
  const scores = bm25(ask.index.terms, ask.question);
  return fill(
    newestFirst(ask).toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0)),
    ask,
    false,
  );
};

const oracle: Method = (ask) =>
  fill(
    [...ask.evidence].toSorted((one, other) => (ask.costs[one] ?? 0) - (ask.costs[other] ?? 0)),
    ask,
    false,
  );

function relevant(weights: Partial<RelevanceWeights>): Method {
  return ({ conversation, costs, question, budgetTokens, index }) => {
    const units = conversation.messages.map(({ content, role, name }) => ({ text: content, role, name }));
    const { kept, tokens } = selectRelevant({
      units,
      query: question,
      budgetTokens,
      countTokens: (unit) => costs[unit] ?? 0,
      index,
      weights,
    });
    const exact = kept.reduce((sum, unit) => sum + (costs[unit] ?? 0), 0);
    if (exact !== tokens || exact > budgetTokens)
      throw new Error(`over budget: ${exact} of ${budgetTokens} tokens, ${tokens} reported`);
    return kept;
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

function read(set: string): Conversation[] {
  const all = readConversations(values.data, set);
  return values.half === undefined
    ? all
    : all.filter((_, place) => place % 2 === (values.half === 'dev' ? 0 : 1));
}

function asksOf(conversation: Conversation): Omit<Ask, 'budgetTokens'>[] {
  const costs = conversation.messages.map((message) => count(message.content));
  const places = new Map(conversation.messages.map((message, place) => [message.id, place]));
  const index = new UnitIndex();
  index.sync(conversation.messages.map(({ content, name }) => ({ text: content, name })));
  return conversation.questions.map(({ question, evidence }) => {
    const known = evidence.map((id) => places.get(id)).filter((place) => place !== undefined);
    return { conversation, costs, question, evidence: new Set(known), index };
  });
}

function recall(asks: readonly Omit<Ask, 'budgetTokens'>[], method: Method): string {
  const cells = BUDGETS.map((budget) => {
    const shares = asks.map((ask) => {
      const kept = new Set(method({ ...ask, budgetTokens: budget - count(ask.question) }));
      return [...ask.evidence].filter((place) => kept.has(place)).length / ask.evidence.size;
    });
    return (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
  });
  return cells.map((cell) => cell.toFixed(1).padStart(7)).join(' ');
}

for (const set of values.set.split(',')) {
  const asks = read(set)
    .flatMap(asksOf)
    .filter((ask) => ask.evidence.size > 0);
  console.log(`\n${set}: ${asks.length} questions; evidence messages kept word for word, %`);
  console.log(`${''.padEnd(26)} ${BUDGETS.map((budget) => String(budget).padStart(7)).join(' ')}`);
  const methods: Record<string, Method> = {
    'last-N': lastMessages,
    'plain BM25': plainBm25,
    katamari: relevant({}),
    oracle: oracle,
  };
  if (values.ablate)
    for (const [name, weights] of Object.entries(ABLATIONS)) methods[name] = relevant(weights);
  for (const [name, method] of Object.entries(methods))
    console.log(`${name.padEnd(26)} ${recall(asks, method)}`);
}
