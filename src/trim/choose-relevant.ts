import { textOf, type Message } from '../message.ts';
import type { Basket } from './basket.ts';
import { orderUnits } from './relevant/order-units.ts';
import { RELEVANCE_WEIGHTS } from './relevant/relevance-weights.ts';
import type { RelevantUnit } from './relevant/relevant-unit.ts';
import { scoreUnits } from './relevant/score-units.ts';
import { UnitIndex } from './relevant/unit-index.ts';
import { itemsOfRole, type Candidates, type Item, type Preferences } from './select-recent.ts';
import type { Unit } from './split-units.ts';
import type { Nearness } from './trim-task.ts';

/** What the choice by relevance needs besides. */
export interface RelevanceSettings extends Preferences {
  /** What the kept messages shall help to answer. */
  readonly query: string;
  /** What is known of the conversation from earlier calls. */
  readonly index: UnitIndex | undefined;
  /** How near messages are in meaning, besides. */
  readonly nearness?: Nearness | undefined;
}

/**
 * How many times the room is looked ahead for what fits where something does not. It says how much larger a budget has to be to keep
 * a superset for sure: what was taken early here has its turn there.
 */
const LOOK_AHEAD = 2;

/**
 * Keeps what helps to answer the query. Everything is put in one order that does not depend on the budget, and the basket is filled in this
 * order. Where something does not fit, what comes soon after it may take its place: only what a budget of twice the size would reach. So a
 * budget at least twice as large always keeps a superset.
 */
export function chooseRelevant(basket: Basket, candidates: Candidates, settings: RelevanceSettings): void {
  const reached: Item[] = [];
  const wide = basket.withLimit(basket.tokens + LOOK_AHEAD * basket.room);
  for (const item of itemsOf(basket, candidates, settings)) {
    if (!wide.add(item.indices, item.why)) break;
    reached.push(item);
  }
  for (const { indices, why } of reached) basket.add(indices, why);
}

function* itemsOf(
  basket: Basket,
  candidates: Candidates,
  settings: RelevanceSettings,
): Generator<Item, void, undefined> {
  for (const role of settings.priorityRoles) yield* itemsOfRole(candidates, role);
  const { turns, turnOf } = candidates.units;
  const isKept = (unit: Unit): boolean => basket.has(unit.indices[0] ?? -1);
  // A result without its call tells nobody what it answers, and nobody asked for a reply before the first user message.
  const units: Unit[] = [];
  for (const turn of turns) {
    const isUnasked = turn.head === undefined && turns.length > 1;
    for (const unit of turn.units)
      if ((!isUnasked && unit.kind !== 'orphan') || isKept(unit)) units.push(unit);
  }
  const firstRecent = units.findIndex(
    (unit) => (turnOf[unit.indices[0] ?? 0] ?? 0) >= turns.length - 1 - settings.minTurns,
  );
  const { scores, order } = rank(candidates, settings, {
    units,
    isKept,
    newest: firstRecent === -1 ? 0 : units.length - firstRecent,
  });
  const best = scores.reduce((max, score) => Math.max(max, score), 0);
  for (const at of order) {
    const share = best === 0 ? 0 : (scores[at] ?? 0) / best;
    const recent = firstRecent !== -1 && at >= firstRecent ? 'min-turns' : 'recent';
    yield {
      indices: units[at]?.indices ?? [],
      why: share >= 0.005 ? `relevant ${share.toFixed(2)}` : recent,
    };
  }
}

/** What is put in order. */
interface Ranked {
  readonly units: readonly Unit[];
  readonly isKept: (unit: Unit) => boolean;
  /** How many of the last ones come early. */
  readonly newest: number;
}

function rank(
  { messages }: Candidates,
  { query, index = new UnitIndex(), nearness }: RelevanceSettings,
  { units, isKept, newest }: Ranked,
): { readonly scores: Float64Array; readonly order: Iterable<number> } {
  const kept = units.map(isKept);
  const relevant = units.map((unit, at) => relevantUnit(unit, messages, kept[at] === true));
  index.sync(relevant);
  const scores = scoreUnits({
    units: relevant,
    index,
    query,
    weights: RELEVANCE_WEIGHTS,
    similarity: nearness && similarityOf(units, messages, { nearness, isIn: isKept }),
  });
  const order = orderUnits({
    scores,
    sizeOf: (unit) => index.sizeOf(unit),
    isKept: (unit) => kept[unit] === true,
    newest,
    ...RELEVANCE_WEIGHTS,
  });
  return { scores, order };
}

/** Each unit's nearness: that of its nearest message. What is not known, or kept anyway, is in the middle and so has no say. */
function similarityOf(
  units: readonly Unit[],
  messages: readonly Message[],
  { nearness, isIn }: { nearness: Nearness; isIn: (unit: Unit) => boolean },
): Float64Array {
  const nearest = units.map((unit) => {
    const parts = isIn(unit) ? [] : unit.indices.flatMap((at) => messages[at] ?? []);
    return parts.reduce((best, message) => Math.max(best, nearness(message) ?? -Infinity), -Infinity);
  });
  const known = nearest.filter(Number.isFinite);
  const middle = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  return Float64Array.from(nearest, (value) => (Number.isFinite(value) ? value : middle));
}

/** What is searched: what was said, what was asked of tools, and what they gave. */
function relevantUnit({ indices }: Unit, messages: readonly Message[], mustKeep: boolean): RelevantUnit {
  const first = messages[indices[0] ?? -1];
  if (first === undefined) return { text: '' };
  const isOne = indices.length === 1 && (first.role !== 'assistant' || first.toolCalls === undefined);
  const text = isOne ? textOf(first) : indices.map((at) => searchText(messages[at])).join('\n');
  return { text, role: first.role, name: first.name, mustKeep };
}

function searchText(message: Message | undefined): string {
  if (message === undefined) return '';
  const text = textOf(message);
  if (message.role !== 'assistant' || message.toolCalls === undefined) return text;
  return [text, ...message.toolCalls.map((call) => `${call.name} ${call.arguments}`)].join('\n');
}
