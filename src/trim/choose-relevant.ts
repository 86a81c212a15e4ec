import { textOf, type Message } from '../message.ts';
import type { Basket } from './basket.ts';
import type { RelevantUnit } from './relevant/relevant-unit.ts';
import type { UnitIndex } from './relevant/unit-index.ts';
import { itemsOfRole, type Candidates, type Preferences } from './select-recent.ts';
import { selectRelevant, type RelevantSelection } from './select-relevant.ts';
import type { Unit } from './split-units.ts';
import type { Nearness } from './trim-task.ts';

/** The question before the first kept reply may cost this share of the budget, no more: else it would crowd out answers. */
const LEAD_SHARE = 1 / 16;

/** What the choice by relevance needs besides. */
export interface RelevanceSettings extends Preferences {
  /** The budget of the whole request, in tokens. */
  readonly targetTokens: number;
  /** What the kept messages shall help to answer. */
  readonly query: string;
  /** What is known of the conversation from earlier calls. */
  readonly index: UnitIndex | undefined;
  /** How near messages are in meaning, besides. */
  readonly nearness?: Nearness | undefined;
}

/** Units, and which of them are chosen. */
interface Chosen {
  readonly units: readonly Unit[];
  readonly selection: RelevantSelection;
}

/**
 * Keeps what helps to answer the query: the last `minTurns` turns as far as a quarter of the budget goes, then by relevance per token, then
 * from the newest back. Where the history would begin with a reply, its question is kept too, if it is short.
 */
export function chooseRelevant(basket: Basket, candidates: Candidates, settings: RelevanceSettings): void {
  for (const role of settings.priorityRoles) {
    for (const { indices, why } of itemsOfRole(candidates, role)) basket.add(indices, why);
  }
  const units = candidates.units.turns.flatMap((turn) => turn.units.filter((unit) => !isLoose(unit, basket)));
  const selection = selectUnits(basket, candidates, settings, units);
  addLead(basket, candidates, { units, selection }, settings.targetTokens);
  commit(basket, candidates, settings, { units, selection });
}

/** A result without its call tells nobody what it answers. */
function isLoose(unit: Unit, basket: Basket): boolean {
  return unit.kind === 'orphan' && !basket.has(unit.indices[0] ?? -1);
}

function selectUnits(
  basket: Basket,
  { messages, units: { turnOf, turns }, ledger }: Candidates,
  { query, index, nearness, minTurns }: RelevanceSettings,
  units: readonly Unit[],
): RelevantSelection {
  const costOf = (unit: number): number =>
    (units[unit]?.indices ?? []).reduce((sum, at) => sum + ledger.exact(at), 0);
  const isIn = (unit: Unit): boolean => basket.has(unit.indices[0] ?? -1);
  const protectedCost = units.reduce((sum, unit, at) => sum + (isIn(unit) ? costOf(at) : 0), 0);
  const firstRecent = units.findIndex(
    (unit) => (turnOf[unit.indices[0] ?? 0] ?? 0) >= turns.length - 1 - minTurns,
  );
  return selectRelevant({
    units: units.map((unit) => relevantUnit(unit, messages, isIn(unit))),
    query,
    budgetTokens: basket.room + protectedCost,
    countTokens: costOf,
    newest: firstRecent === -1 ? 0 : units.length - firstRecent,
    index,
    similarity: nearness && similarityOf(units, messages, { nearness, isIn }),
  });
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

/** Puts the question of the first reply that is kept into the basket. What has no room beside it then is the least relevant. */
function addLead(
  basket: Basket,
  candidates: Candidates,
  { units, selection: { kept } }: Chosen,
  budget: number,
): void {
  const first = units[kept[0] ?? -1]?.indices[0] ?? -1;
  if (candidates.messages[first]?.role === 'user') return;
  const head = candidates.units.turns[candidates.units.turnOf[first] ?? -1]?.head;
  if (head !== undefined && candidates.ledger.exact(head) <= budget * LEAD_SHARE) basket.add([head], 'lead');
}

function commit(
  basket: Basket,
  { units: { turnOf, turns } }: Candidates,
  { minTurns }: RelevanceSettings,
  { units, selection: { kept, scores } }: Chosen,
): void {
  const best = scores.reduce((max, score) => Math.max(max, score), 0);
  const isRecent = (at: number): boolean =>
    (turnOf[units[at]?.indices[0] ?? 0] ?? 0) >= turns.length - 1 - minTurns;
  const ranked = kept.toSorted(
    (one, other) =>
      Number(isRecent(other)) - Number(isRecent(one)) ||
      (scores[other] ?? 0) - (scores[one] ?? 0) ||
      other - one,
  );
  for (const at of ranked) {
    const share = best === 0 ? 0 : (scores[at] ?? 0) / best;
    const recent = isRecent(at) ? 'min-turns' : 'recent';
    basket.add(units[at]?.indices ?? [], share >= 0.005 ? `relevant ${share.toFixed(2)}` : recent);
  }
}

/** What is searched: what was said, what was asked of tools, and what they gave. */
function relevantUnit({ indices }: Unit, messages: readonly Message[], mustKeep: boolean): RelevantUnit {
  const first = messages[indices[0] ?? -1];
  if (first === undefined) return { text: '' };
  const isOne = indices.length === 1 && first.role !== 'assistant';
  const text = isOne ? textOf(first) : indices.map((at) => searchText(messages[at])).join('\n');
  return { text, role: first.role, name: first.name, mustKeep };
}

function searchText(message: Message | undefined): string {
  if (message === undefined) return '';
  const text = textOf(message);
  if (message.role !== 'assistant' || message.toolCalls === undefined) return text;
  return [text, ...message.toolCalls.map((call) => `${call.name} ${call.arguments}`)].join('\n');
}
