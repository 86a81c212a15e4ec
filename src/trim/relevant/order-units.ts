/** What {@link orderUnits} puts in order. */
export interface OrderUnitsOptions {
  /** How relevant each unit is, 0 or more. */
  readonly scores: Float64Array;
  /** About how many tokens a unit has. */
  readonly sizeOf: (unit: number) => number;
  /** Whether a unit stays anyway, and needs no place in the order. */
  readonly isKept: (unit: number) => boolean;
  /** How many of the last units come early: see {@link NEWEST_SHARE}. */
  readonly newest: number;
  /** See `RelevanceWeights`. */
  readonly costOffset: number;
  readonly costPower: number;
}

/**
 * The newest units, one after another from the end, come as soon as they make up no more than this share of all that came: what was said
 * last is needed to go on, but a long last answer must not crowd out what the question asks for.
 */
const NEWEST_SHARE = 1 / 8;
/** The most relevant unit comes first, whatever its size, where it stands out like this: few short remarks cannot crowd out the answer. */
const STANDS_OUT = 1.05;
/** A larger unit, in tokens, waits until others of half its size have come: else one long document would stand in the way of all the rest. */
const LARGE = 1024;

/**
 * Puts units in the order in which they are kept: the one that stands out, then by relevance per token, then the irrelevant ones from the newest
 * back; the newest few come in between. The order does not depend on any budget. Lazy: time linear in the units, and what is taken of it
 * times log n.
 */
export function* orderUnits(options: OrderUnitsOptions): Generator<number, void, undefined> {
  const queue = new Queue(options);
  const wanted = byRelevance(options);
  for (let unit = wanted.next(); unit.done !== true; unit = wanted.next()) {
    yield* queue.newest();
    yield* queue.take(unit.value);
  }
  yield* queue.rest();
}

/** Of a unit: not looked at yet, put aside, or given. */
const [NEW, WAITS, CAME] = [0, 1, 2];

/** Knows what came already, and lets units wait until it is their time. */
class Queue {
  readonly #options: OrderUnitsOptions;
  readonly #state: Uint8Array;
  readonly #end: number;
  #waiting: number[] = [];
  /** The size of the smallest that waits. */
  #least = Infinity;
  #next: number;
  #total = 0;
  #newestTotal = 0;

  constructor(options: OrderUnitsOptions) {
    this.#options = options;
    const { length } = options.scores;
    this.#state = new Uint8Array(length);
    for (let unit = 0; unit < length; unit += 1) if (options.isKept(unit)) this.#state[unit] = CAME;
    this.#next = length - 1;
    this.#end = Math.max(0, length - options.newest);
  }

  /** Those of the newest that are due. */
  *newest(): Generator<number, void, undefined> {
    for (; this.#next >= this.#end; this.#next -= 1) {
      const size = this.#options.sizeOf(this.#next);
      if (this.#state[this.#next] !== CAME) {
        if (this.#newestTotal + size > NEWEST_SHARE * (this.#total + size)) return;
        yield* this.#give(this.#next, size);
      }
      this.#newestTotal += size;
    }
  }

  /** A unit, or those that have waited long enough after it. */
  *take(unit: number): Generator<number, void, undefined> {
    if (this.#state[unit] !== NEW) return;
    const size = this.#options.sizeOf(unit);
    if (this.#mustWait(size)) {
      this.#state[unit] = WAITS;
      this.#waiting.push(unit);
      this.#least = Math.min(this.#least, size);
    } else yield* this.#give(unit, size);
  }

  /** All that still waits. */
  *rest(): Generator<number, void, undefined> {
    for (const unit of this.#waiting) if (this.#state[unit] === WAITS) yield unit;
  }

  *#give(unit: number, size: number): Generator<number, void, undefined> {
    this.#state[unit] = CAME;
    this.#total += size;
    yield unit;
    if (this.#mustWait(this.#least)) return;
    const due = this.#waiting.filter((waiting) => this.#state[waiting] === WAITS);
    this.#waiting = [];
    this.#least = Infinity;
    for (const waiting of due) this.#state[waiting] = NEW;
    for (const waiting of due) yield* this.take(waiting);
  }

  #mustWait(size: number): boolean {
    return size > LARGE && size > 2 * this.#total;
  }
}

function* byRelevance(options: OrderUnitsOptions): Generator<number, void, undefined> {
  const { scores, isKept } = options;
  const best = standingOut(options);
  if (best >= 0) yield best;
  yield* byValue(options);
  for (let unit = scores.length - 1; unit >= 0; unit -= 1)
    if (!((scores[unit] ?? 0) > 0) && !isKept(unit)) yield unit;
}

/** The most relevant unit where no other comes near; −1 where one does. */
function standingOut({ scores, isKept }: OrderUnitsOptions): number {
  let [best, top, second] = [-1, 0, 0];
  for (let unit = scores.length - 1; unit >= 0; unit -= 1) {
    const score = scores[unit] ?? 0;
    if (score <= second || isKept(unit)) continue;
    if (score > top) {
      second = top;
      top = score;
      best = unit;
    } else second = score;
  }
  return top >= STANDS_OUT * second ? best : -1;
}

/** A heap and not a sort: only the units that come into question are ever put in order. */
function* byValue({
  scores,
  sizeOf,
  isKept,
  costOffset,
  costPower,
}: OrderUnitsOptions): Generator<number, void, undefined> {
  const values = new Float64Array(scores.length);
  const heap = new Int32Array(scores.length);
  const isRoot = costPower === 0.5;
  let count = 0;
  for (let unit = 0; unit < scores.length; unit += 1) {
    const score = scores[unit] ?? 0;
    if (!(score > 0) || isKept(unit)) continue;
    const size = sizeOf(unit) + costOffset;
    values[unit] = score / (isRoot ? Math.sqrt(size) : size ** costPower);
    heap[count] = unit;
    count += 1;
  }
  for (let at = (count >> 1) - 1; at >= 0; at -= 1) sink(heap, values, at, count);
  while (count > 0) {
    yield heap[0] ?? 0;
    count -= 1;
    heap[0] = heap[count] ?? 0;
    sink(heap, values, 0, count);
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
