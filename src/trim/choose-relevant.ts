import type { Message } from '../message.ts';
import type { Basket } from './basket.ts';
import type { HistoryIndex } from './history-index.ts';
import { orderUnits } from './relevant/order-units.ts';
import { RELEVANCE_WEIGHTS } from './relevant/relevance-weights.ts';
import { scoreUnits } from './relevant/score-units.ts';
import { itemsOfRole, type Candidates, type Item, type Preferences } from './select-recent.ts';
import type { Unit } from './split-units.ts';
import type { Nearness } from './trim-task.ts';

/** What the choice by relevance needs besides. */
export interface RelevanceSettings extends Preferences {
  /** What the kept messages shall help to answer. */
  readonly query: string;
  /** What is known of the conversation from earlier calls. */
  readonly index: HistoryIndex;
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
  const units = searchedUnits(basket, candidates);
  // Plain loops: the callbacks of typed arrays would cost more than the rest of a look at a long history.
  const kept = new Uint8Array(units.length);
  for (let at = 0; at < units.length; at += 1) if (basket.has(units[at]?.indices[0] ?? -1)) kept[at] = 1;
  let firstRecent = units.length;
  const isRecent = (unit: Unit | undefined): boolean =>
    unit !== undefined && (turnOf[unit.indices[0] ?? 0] ?? 0) >= turns.length - 1 - settings.minTurns;
  while (isRecent(units[firstRecent - 1])) firstRecent -= 1;
  const newest = units.length - firstRecent;
  const { scores, order } = rank(candidates, settings, { units, kept, newest });
  let best = 0;
  for (let at = 0; at < scores.length; at += 1) best = Math.max(best, scores[at] ?? 0);
  for (const at of order) {
    const share = best === 0 ? 0 : (scores[at] ?? 0) / best;
    yield {
      indices: units[at]?.indices ?? [],
      why: share >= 0.005 ? `relevant ${share.toFixed(2)}` : at >= firstRecent ? 'min-turns' : 'recent',
    };
  }
}

/** A result without its call tells nobody what it answers, and nobody asked for a reply before the first user message. */
function searchedUnits(basket: Basket, { units }: Candidates): readonly Unit[] {
  const { all, turns, turnOf, hasOrphans } = units;
  const hasUnasked = turns.length > 1 && turns[0]?.head === undefined;
  if (!hasOrphans && !hasUnasked) return all;
  return all.filter(({ indices, kind }) => {
    const first = indices[0] ?? -1;
    const isUnasked = hasUnasked && turnOf[first] === 0;
    return (!isUnasked && kind !== 'orphan') || basket.has(first);
  });
}

/** What is put in order. */
interface Ranked {
  readonly units: readonly Unit[];
  /** 1 for those that stay anyway. */
  readonly kept: Uint8Array;
  /** How many of the last ones come early. */
  readonly newest: number;
}

function rank(
  { messages }: Candidates,
  { query, index, nearness }: RelevanceSettings,
  { units, kept, newest }: Ranked,
): { readonly scores: Float64Array; readonly order: Iterable<number> } {
  const { words } = index;
  const relevant = index.searched(units, messages);
  for (let at = kept.indexOf(1); at !== -1; at = kept.indexOf(1, at + 1))
    relevant[at] = { text: '', ...relevant[at], mustKeep: true };
  words.sync(relevant);
  const scores = scoreUnits({
    units: relevant,
    index: words,
    query,
    weights: RELEVANCE_WEIGHTS,
    similarity: nearness && similarityOf(units, messages, { nearness, kept }),
  });
  const order = orderUnits({
    scores,
    sizeOf: (unit) => words.sizeOf(unit),
    isKept: (unit) => kept[unit] === 1,
    newest,
    ...RELEVANCE_WEIGHTS,
  });
  return { scores, order };
}

/** Each unit's nearness: that of its nearest message. What is not known, or kept anyway, is in the middle and so has no say. */
function similarityOf(
  units: readonly Unit[],
  messages: readonly Message[],
  { nearness, kept }: { nearness: Nearness; kept: Uint8Array },
): Float64Array {
  const nearest = units.map((unit, place) => {
    const parts = kept[place] === 1 ? [] : unit.indices.flatMap((at) => messages[at] ?? []);
    return parts.reduce((best, message) => Math.max(best, nearness(message) ?? -Infinity), -Infinity);
  });
  const known = nearest.filter(Number.isFinite);
  const middle = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  return Float64Array.from(nearest, (value) => (Number.isFinite(value) ? value : middle));
}
