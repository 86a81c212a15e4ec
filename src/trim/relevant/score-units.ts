import { rarityOf } from '../../text/bm25.ts';
import { LevelScore, type TermCounts } from './level-score.ts';
import { readQuery, type Query } from './read-query.ts';
import type { RelevanceWeights } from './relevance-weights.ts';
import type { RelevantUnit } from './relevant-unit.ts';
import { speakerGains } from './speaker-gains.ts';
import type { UnitIndex } from './unit-index.ts';

/** What {@link scoreUnits} needs to know. */
export interface ScoreUnitsOptions {
  readonly units: readonly RelevantUnit[];
  /** In step with `units`: see {@link UnitIndex.sync}. */
  readonly index: UnitIndex;
  readonly query: string;
  readonly weights: RelevanceWeights;
  /** How near each unit is in meaning, higher is nearer, on any scale. `undefined`: words alone decide. */
  readonly similarity?: ArrayLike<number> | undefined;
}

/**
 * How relevant each unit is to a query: 0 or more, comparable within one call.
 *
 * Three times BM25: over the unit's own words, over those of the exchange around it, and over those of the stretch around that. Counts
 * are smoothed before they saturate, so that a stretch with all words of the query beats one that repeats a single word ("Lv and Zhai,
 * Positional Language Models for Information Retrieval", 2009, is the nearest kin). Time linear in the units, times the query's terms.
 */
export function scoreUnits({ units, index, query, weights, similarity }: ScoreUnitsOptions): Float64Array {
  const read = readQuery(index, query, weights);
  const mustKeep = new Uint8Array(units.length);
  for (let unit = 0; unit < units.length; unit += 1) if (units[unit]?.mustKeep === true) mustKeep[unit] = 1;
  const terms = countsOf(mustKeep, index, read, weights);
  if (similarity !== undefined) terms.push(meaningOf(mustKeep, similarity, terms));
  const scores = new Float64Array(units.length);
  const speakers = speakerGains(index, read, weights);
  const level = new LevelScore(index, weights);
  for (const { reach, weight } of weights.levels) {
    level.begin(reach);
    for (const term of terms) level.add(term);
    level.addTo(scores, weight, reach <= NEAR ? speakers.named : undefined);
  }
  for (let unit = 0; unit < units.length; unit += 1)
    scores[unit] = (scores[unit] ?? 0) * (speakers.meant[unit] ?? 1);
  applyGains(scores, { mustKeep, index, query: read, weights });
  return scores;
}

/** Up to this reach, in tokens, it matters who speaks; a stretch on one topic has all speakers in it. */
const NEAR = 100;

/** BM25's count of each term in each unit. Units that are kept anyway have none. */
function countsOf(
  mustKeep: Uint8Array,
  index: UnitIndex,
  query: Query,
  weights: RelevanceWeights,
): TermCounts[] {
  const average = index.terms.termCount / Math.max(1, index.size);
  return index.terms.postingsOf(query.terms).map(({ documents, counts }, place) => {
    const discounted = new Float64Array(documents.length);
    for (let row = 0; row < documents.length; row += 1) {
      const unit = documents[row] ?? 0;
      if (mustKeep[unit] === 1) continue;
      const count = counts[row] ?? 0;
      const norm = weights.k1 * (1 - weights.b + (weights.b * index.terms.lengthOf(unit)) / average);
      discounted[row] = (count * (weights.k1 + 1)) / (count + norm);
    }
    const weight = query.terms[place]?.weight ?? 0;
    return { weight, rarity: rarityOf(documents.length, index.size), units: documents, counts: discounted };
  });
}

/** Similarity as one more term: what is above the mean, in standard deviations; as heavy as 0.45 : 0.55 against all words together. */
function meaningOf(
  mustKeep: Uint8Array,
  similarity: ArrayLike<number>,
  words: readonly TermCounts[],
): TermCounts {
  let sum = 0;
  let squares = 0;
  for (let unit = 0; unit < mustKeep.length; unit += 1) {
    sum += similarity[unit] ?? 0;
    squares += (similarity[unit] ?? 0) ** 2;
  }
  const mean = sum / Math.max(1, mustKeep.length);
  const deviation = Math.sqrt(Math.max(1e-12, squares / Math.max(1, mustKeep.length) - mean * mean));
  const rarity = words.reduce((total, word) => total + word.weight * word.rarity, 0);
  const above = Float64Array.from(mustKeep, (must, place) =>
    must === 1 ? 0 : Math.max(0, ((similarity[place] ?? mean) - mean) / deviation) / 2,
  );
  return {
    weight: 1,
    rarity: (0.45 / 0.55) * (rarity > 0 ? rarity : 1),
    units: above.map((_, place) => place),
    counts: above,
  };
}

/** What kind of answer a unit holds, and what the user asked for once and for all. */
function applyGains(
  scores: Float64Array,
  {
    mustKeep,
    index,
    query,
    weights,
  }: { mustKeep: Uint8Array; index: UnitIndex; query: Query; weights: RelevanceWeights },
): void {
  let best = 0;
  for (let unit = 0; unit < mustKeep.length; unit += 1) {
    const answers = (query.kinds & index.terms.kindsOf(unit)) !== 0;
    scores[unit] = (scores[unit] ?? 0) * (answers ? 1 + weights.answer : 1);
    if (mustKeep[unit] === 1) scores[unit] = 0;
    best = Math.max(best, scores[unit] ?? 0);
  }
  const floor = best * weights.instruction;
  for (let unit = 0; unit < mustKeep.length; unit += 1) {
    if (index.instructs(unit) && mustKeep[unit] !== 1) scores[unit] = (scores[unit] ?? 0) + floor;
  }
}
