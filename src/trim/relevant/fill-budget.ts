/** What {@link fillBudget} chooses from. */
export interface FillBudgetOptions {
  /** How relevant each unit is, 0 or more. */
  readonly scores: Float64Array;
  /** About how many tokens a unit has; orders the units. */
  readonly sizeOf: (unit: number) => number;
  /** Exactly how many; asked for once per unit at most, and only for those that come into question. */
  readonly countTokens: (unit: number) => number;
  readonly mustKeep: (unit: number) => boolean;
  readonly budgetTokens: number;
  /** How many of the last units come first, as far as a quarter of the budget goes. */
  readonly newest: number;
  /** See `RelevanceWeights`. */
  readonly costOffset: number;
  readonly costPower: number;
}

/** What {@link fillBudget} chose. */
export interface Filled {
  /** One for each unit: 1 kept, 0 left. */
  readonly kept: Uint8Array;
  /** What the kept ones cost; over the budget only where those that must be kept are. */
  readonly tokens: number;
}

/**
 * Fills a budget: what must be kept, the newest few, the most relevant one, then by relevance per token, then from the newest back.
 * What does not fit is passed over.
 */
export function fillBudget(options: FillBudgetOptions): Filled {
  const { scores, budgetTokens } = options;
  const purse = new Purse(options);
  for (let unit = 0; unit < scores.length; unit += 1) if (options.mustKeep(unit)) purse.take(unit);
  if (purse.tokens > budgetTokens || purse.takeAll()) return purse;
  const reserve = Math.min(budgetTokens, purse.tokens + budgetTokens / 4);
  for (let back = 1; back <= Math.min(options.newest, scores.length); back += 1)
    purse.takeWithin(scores.length - back, reserve);
  takeBest(purse, options);
  takeByValue(purse, options);
  for (
    let unit = scores.length - 1, missed = 0;
    unit >= 0 && purse.tokens < budgetTokens && missed < MAX_MISSES;
    unit -= 1
  ) {
    missed = purse.takeWithin(unit, budgetTokens) ? 0 : missed + 1;
  }
  return purse;
}

/** So many in a row that do not fit, and what little is left of the budget stays empty. */
const MAX_MISSES = 256;

class Purse implements Filled {
  readonly kept: Uint8Array;
  tokens = 0;
  readonly #counted: Float64Array;
  readonly #options: FillBudgetOptions;

  constructor(options: FillBudgetOptions) {
    this.#options = options;
    this.kept = new Uint8Array(options.scores.length);
    this.#counted = new Float64Array(options.scores.length).fill(-1);
  }

  take(unit: number): void {
    this.kept[unit] = 1;
    this.tokens += this.#count(unit);
  }

  /** Takes the unit if all together stays within `limit` tokens. */
  takeWithin(unit: number, limit: number): boolean {
    if (this.kept[unit] === 1) return true;
    if (!this.#mayFit(unit, limit) || this.tokens + this.#count(unit) > limit) return false;
    this.take(unit);
    return true;
  }

  /** Whether a unit fits in the budget; counts it only where that is possible. */
  fits(unit: number): boolean {
    const { budgetTokens } = this.#options;
    return this.#mayFit(unit, budgetTokens) && this.tokens + this.#count(unit) <= budgetTokens;
  }

  /** Takes everything where everything fits, else nothing. Counts all only where that is possible. */
  takeAll(): boolean {
    const { scores, sizeOf, budgetTokens } = this.#options;
    let rough = 0;
    for (let unit = 0; unit < scores.length; unit += 1) rough += this.kept[unit] === 1 ? 0 : sizeOf(unit);
    if (rough > 3 * (budgetTokens - this.tokens) + 64) return false;
    let exact = this.tokens;
    for (let unit = 0; unit < scores.length && exact <= budgetTokens; unit += 1)
      exact += this.kept[unit] === 1 ? 0 : this.#count(unit);
    if (exact > budgetTokens) return false;
    this.kept.fill(1);
    this.tokens = exact;
    return true;
  }

  /** What is roughly far larger than the room there is can be spared the exact count. */
  #mayFit(unit: number, limit: number): boolean {
    return this.#counted[unit] !== -1 || this.#options.sizeOf(unit) <= 1.5 * (limit - this.tokens) + 4;
  }

  #count(unit: number): number {
    const known = this.#counted[unit] ?? -1;
    if (known >= 0) return known;
    const tokens = this.#options.countTokens(unit);
    this.#counted[unit] = tokens;
    return tokens;
  }
}

/** The one most relevant unit comes before cheaper ones: else a few short remarks could crowd out the very answer. */
function takeBest(purse: Purse, { scores }: FillBudgetOptions): void {
  let best = -1;
  for (let unit = scores.length - 1; unit >= 0; unit -= 1) {
    const score = scores[unit] ?? 0;
    if (score > 0 && score > (scores[best] ?? 0) && purse.kept[unit] === 0 && purse.fits(unit)) best = unit;
  }
  if (best >= 0) purse.take(best);
}

/** A heap and not a sort: only the units that come into question are ever put in order. */
function takeByValue(
  purse: Purse,
  { scores, sizeOf, costOffset, costPower, budgetTokens }: FillBudgetOptions,
): void {
  const values = new Float64Array(scores.length);
  const heap = new Int32Array(scores.length);
  let size = 0;
  for (let unit = 0; unit < scores.length; unit += 1) {
    const score = scores[unit] ?? 0;
    if (score <= 0 || purse.kept[unit] === 1) continue;
    values[unit] = score / (sizeOf(unit) + costOffset) ** costPower;
    heap[size] = unit;
    size += 1;
  }
  for (let at = (size >> 1) - 1; at >= 0; at -= 1) sink(heap, values, at, size);
  let missed = 0;
  while (size > 0 && purse.tokens < budgetTokens && missed < MAX_MISSES) {
    missed = purse.takeWithin(heap[0] ?? 0, budgetTokens) ? 0 : missed + 1;
    size -= 1;
    heap[0] = heap[size] ?? 0;
    sink(heap, values, 0, size);
  }
}

/** Puts the unit at `from` where it belongs; of equal ones the newer is above. */
function sink(heap: Int32Array, values: Float64Array, from: number, size: number): void {
  const unit = heap[from] ?? 0;
  let at = from;
  for (;;) {
    let child = at * 2 + 1;
    if (child >= size) break;
    if (child + 1 < size && isAbove(values, heap[child + 1] ?? 0, heap[child] ?? 0)) child += 1;
    if (!isAbove(values, heap[child] ?? 0, unit)) break;
    heap[at] = heap[child] ?? 0;
    at = child;
  }
  heap[at] = unit;
}

function isAbove(values: Float64Array, one: number, other: number): boolean {
  const difference = (values[one] ?? 0) - (values[other] ?? 0);
  return difference > 0 || (difference === 0 && one > other);
}
