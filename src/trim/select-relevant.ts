import { fillBudget } from './relevant/fill-budget.ts';
import { RELEVANCE_WEIGHTS, type RelevanceWeights } from './relevant/relevance-weights.ts';
import type { RelevantUnit } from './relevant/relevant-unit.ts';
import { scoreUnits } from './relevant/score-units.ts';
import { UnitIndex } from './relevant/unit-index.ts';

/** What {@link selectRelevant} needs to know. */
export interface SelectRelevantOptions {
  /** All units of the conversation, oldest first. */
  readonly units: readonly RelevantUnit[];
  /** What the kept units shall help to answer: the text of the last user message. Empty: the newest units are kept. */
  readonly query: string;
  /** What the kept units may cost together, those that must be kept included. */
  readonly budgetTokens: number;
  /** The exact cost of a unit in tokens. Called once per unit at most, and only for units that come into question. */
  readonly countTokens: (unit: number) => number;
  /** How many of the last units are kept first, as far as a quarter of the budget goes. @defaultValue 0 */
  readonly newest?: number | undefined;
  /** The index of an earlier call for the same conversation: then only new units are read. @defaultValue a new one */
  readonly index?: UnitIndex | undefined;
  /** How near each unit is to the query in meaning, from an embedder, on any scale. @defaultValue words alone decide */
  readonly similarity?: ArrayLike<number> | undefined;
  /** Parts of the ranking to change. @defaultValue `RELEVANCE_WEIGHTS` */
  readonly weights?: Partial<RelevanceWeights> | undefined;
}

/** What {@link selectRelevant} chose. */
export interface RelevantSelection {
  /** Numbers of the kept units, in the order of the conversation. */
  readonly kept: readonly number[];
  /** What they cost together. Over the budget only where the units that must be kept are. */
  readonly tokens: number;
  /** How relevant each unit is, 0 or more; comparable within one call. */
  readonly scores: Float64Array;
}

/**
 * Chooses which units of a conversation to keep for a query inside a budget. Deterministic, no model. Time linear in the conversation;
 * with an `index` from before, only new units are read.
 */
export function selectRelevant(options: SelectRelevantOptions): RelevantSelection {
  const {
    units,
    query,
    budgetTokens,
    countTokens,
    newest = 0,
    index = new UnitIndex(),
    similarity,
  } = options;
  const weights = { ...RELEVANCE_WEIGHTS, ...options.weights };
  index.sync(units);
  const scores = scoreUnits({ units, index, query, weights, similarity });
  const filled = fillBudget({
    scores,
    sizeOf: (unit) => index.sizeOf(unit),
    countTokens,
    mustKeep: (unit) => units[unit]?.mustKeep === true,
    budgetTokens,
    newest,
    costOffset: weights.costOffset,
    costPower: weights.costPower,
  });
  const kept: number[] = [];
  for (let unit = 0; unit < units.length; unit += 1) if (filled.kept[unit] === 1) kept.push(unit);
  return { kept, tokens: filled.tokens, scores };
}
