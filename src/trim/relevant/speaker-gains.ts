import type { Query } from './read-query.ts';
import type { RelevanceWeights } from './relevance-weights.ts';
import type { UnitIndex } from './unit-index.ts';

/** Factors for who says a unit, one a unit. */
export interface SpeakerGains {
  /** Of units whose speaker the query names. */
  readonly named: Float64Array;
  /** Of units of the one that the query means by "I" or "you". */
  readonly meant: Float64Array;
}

/** What each unit gains by who says it. */
export function speakerGains(index: UnitIndex, query: Query, weights: RelevanceWeights): SpeakerGains {
  const asked = new Set(query.terms.map((term) => term.id));
  const gainOf = index.speakers.names.map((name) => (isNamed(index, asked, name) ? 1 + weights.speaker : 1));
  const named = new Float64Array(index.size);
  const meant = new Float64Array(index.size);
  let withName = 0;
  for (let unit = 0; unit < index.size; unit += 1) if (index.speakerOf(unit) !== 0) withName += 1;
  // Where most speakers have names, the roles do not say who is "I". Some have one only in seeming: "Sure: …".
  const person = withName * 2 > index.size ? undefined : query.person;
  for (let unit = 0; unit < index.size; unit += 1) {
    named[unit] = gainOf[index.speakerOf(unit)] ?? 1;
    const isMeant =
      person !== undefined && (person === 'user' ? index.isOfUser(unit) : index.isOfAssistant(unit));
    meant[unit] = isMeant ? 1 + weights.person : 1;
  }
  return { named, meant };
}

/** Whether at least half of a name's words are in the query. */
function isNamed(index: UnitIndex, asked: ReadonlySet<number>, name: string): boolean {
  const terms = name === '' ? [] : index.terms.queryTermsOf(name);
  const found = terms.filter((term) => asked.has(term.id)).length;
  return found > 0 && found * 2 >= terms.length;
}
