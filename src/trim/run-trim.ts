import { BudgetImpossibleError, KatamariError } from '../errors.ts';
import type { ChatRequest } from '../request.ts';
import { Basket } from './basket.ts';
import { choiceOf } from './choice-of.ts';
import { chooseRelevant } from './choose-relevant.ts';
import { CostLedger } from './cost-ledger.ts';
import { extractSentences, WHOLE_SHARE } from './extract-sentences.ts';
import { gapNote } from './gap-notes.ts';
import { HistoryIndex } from './history-index.ts';
import { measureFacts } from './measure-facts.ts';
import { protect } from './protect.ts';
import { queryOf } from './query-of.ts';
import { reportOf } from './report-of.ts';
import type { FactRetention } from './retention/fact-retention.ts';
import { selectRecent } from './select-recent.ts';
import { Sides } from './sides.ts';
import type { CustomStrategy, TrimPlan } from './trim-options.ts';
import type { TrimResult } from './trim-report.ts';
import type { Choice, TrimMeans, TrimTask } from './trim-task.ts';

/** Gives what stays when the last trim's choice is kept; `undefined` where it has to be made anew. */
export type KeepChoice = (task: TrimTask) => Choice | undefined;

/** `trimMessages` with options that are checked already. */
export function runTrim(
  request: ChatRequest,
  plan: TrimPlan,
  means: TrimMeans,
  stable?: KeepChoice,
): TrimResult {
  const task = taskOf(request, plan, means);
  if (task.ledger.fits(task.budget)) return reportOf(task, undefined, () => null);
  const share = task.budget / plan.targetTokens;
  let limit = task.budget * plan.lowWater;
  let choice = stable?.(task) ?? choose(task, limit);
  let facts = measureFacts(task, choice);
  const widest = plan.widenTo * share;
  while (plan.onLoss === 'widen' && (facts()?.overall ?? 1) < plan.minFactRetention && limit < widest) {
    limit = Math.min(Math.ceil(limit * 1.25), widest);
    choice = choose(task, limit);
    facts = measureFacts(task, choice);
  }
  refuseLoss(plan, facts);
  return reportOf(task, choice, facts);
}

/** What a trim of a request starts from. */
export function taskOf(request: ChatRequest, plan: TrimPlan, means: TrimMeans): TrimTask {
  const { messages } = request;
  const { index = new HistoryIndex() } = means;
  const units = index.book.read(messages);
  const query =
    typeof plan.query === 'function' ? plan.query(request) : (plan.query ?? queryOf(messages, means.query));
  const ledger = new CostLedger(request, means.costs);
  return {
    messages,
    units,
    index,
    sides: new Sides(messages),
    ledger,
    plan,
    means,
    budget: plan.targetTokens / (1 + (means.caution ?? 0)),
    query,
    protectedWhy: protect(messages, units),
  };
}

/** Chooses what stays inside a budget. @throws BudgetImpossibleError when what must stay is over the budget */
export function choose(task: TrimTask, limit: number): Choice {
  const { plan, ledger, sides, protectedWhy, query, means, index } = task;
  const noteRoom = plan.markGaps ? means.costs.message(gapNote(task.messages.length, query)) : 0;
  const share = plan.strategy === 'extract' ? WHOLE_SHARE : 1;
  const basket = new Basket({ ledger, sides, protectedWhy, limit: (limit - noteRoom) * share });
  if (basket.tokens > plan.targetTokens && plan.onImpossible === 'throw')
    throw impossible(task, basket.tokens);
  if (basket.room > 0) {
    if (typeof plan.strategy === 'function') chooseCustom(basket, task, plan.strategy);
    else if (plan.strategy === 'recent' || plan.strategy === 'summary') selectRecent(basket, task, plan);
    else chooseRelevant(basket, task, { ...plan, query, index, nearness: means.nearness });
  }
  if (!basket.why.includes(undefined)) {
    const { why, tokens } = basket;
    return { why, messages: task.messages, tokens, parts: new Map() };
  }
  if (plan.strategy !== 'extract') return choiceOf(task, basket, { noteLimit: plan.markGaps ? limit : 0 });
  const whole = basket.withLimit(limit);
  return choiceOf(task, whole, { parts: extractSentences(task, whole) });
}

function chooseCustom(
  basket: Basket,
  { messages, units, ledger, query }: TrimTask,
  strategy: CustomStrategy,
): void {
  const tokensOf = (index: number): number => ledger.exact(index);
  for (const index of strategy({ messages, query, roomTokens: basket.room, tokensOf })) {
    basket.add(units.unitOf[index]?.indices ?? [], 'custom');
  }
}

function impossible({ plan, protectedWhy }: TrimTask, needed: number): BudgetImpossibleError {
  const names = {
    system: 'the system messages',
    'current-turn': 'the current turn',
    pinned: 'the pinned messages',
  };
  const parts = Object.entries(names).flatMap(([why, name]) => (protectedWhy.includes(why) ? [name] : []));
  return new BudgetImpossibleError(
    plan.targetTokens,
    Math.ceil(needed),
    [...parts, 'tools and overhead'].join(', '),
  );
}

/** @throws KatamariError when fewer facts are left than must be, with `onLoss: 'throw'` */
export function refuseLoss(
  { targetTokens, minFactRetention, onLoss }: TrimPlan,
  facts: () => FactRetention | null,
): void {
  if (onLoss !== 'throw' || minFactRetention === 0) return;
  const left = facts()?.overall ?? 1;
  if (left >= minFactRetention) return;
  const message =
    `A budget of ${targetTokens} tokens keeps ${left.toFixed(2)} of the facts, less than minFactRetention, ${minFactRetention}. ` +
    'Raise targetTokens, or lower minFactRetention.';
  throw new KatamariError('budget-impossible', message);
}
