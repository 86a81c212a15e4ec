import { askedKinds } from '../../text/answer-kinds.ts';
import { relatedTo } from '../../text/related-words.ts';
import type { QueryTerm } from '../../text/term-index.ts';
import { termsOf } from '../../text/words.ts';
import type { RelevanceWeights } from './relevance-weights.ts';
import type { UnitIndex } from './unit-index.ts';

/** What a query says of the units it looks for. */
export interface Query {
  readonly terms: readonly QueryTerm[];
  /** Kinds of answer asked for, as `askedKinds` gives them. */
  readonly kinds: number;
  /** Whose units are meant by "I" (`user`) or "you" (`assistant`); `undefined` where both or none are. */
  readonly person: 'user' | 'assistant' | undefined;
}

/** Words on talking itself: they are in the question about a conversation, not in the conversation. */
const TALKING =
  'summarize summary discuss discussion mention say tell talk think explain describe opinion conversation chat meeting ask answer 要約 説明 会話 教 話';

// A particle must follow, for 私立 and 公僕 are nobody.
const FIRST_PERSON =
  /\b(?:i|i'm|i've|i'd|my|me|mine|we|our|us)\b|(?:私|僕|俺|わたし|ぼく|うち)(?:たち|達)?[がはのもをに]/i;
const SECOND_PERSON = /\b(?:you|your|yours)\b|(?:あなた|きみ|君)[がはのもをに]/i;

/** More terms than this in a query, and only the first ones and the last ones are looked for: a pasted document is not a question. */
const MAX_TERMS = 96;

/** Reads a query against an index. */
export function readQuery(index: UnitIndex, text: string, { talking, related }: RelevanceWeights): Query {
  const about = new Set(index.terms.queryTermsOf(TALKING).map((term) => term.id));
  const all = index.terms.queryTermsOf(text);
  const some = all.length <= MAX_TERMS ? all : [...all.slice(0, MAX_TERMS / 2), ...all.slice(-MAX_TERMS / 2)];
  const terms = some.map(({ id, weight }) => ({ id, weight: about.has(id) ? weight * talking : weight }));
  // What is as long as a document says what it means in its own words.
  if (related > 0 && all.length <= MAX_TERMS) terms.push(...relatedTerms(index, text, related));
  const first = FIRST_PERSON.test(text);
  const second = SECOND_PERSON.test(text);
  return {
    terms,
    kinds: askedKinds(text),
    person: first === second ? undefined : first ? 'user' : 'assistant',
  };
}

/** One more term for each that has related ones; a word of the query itself is never counted as related to another. */
function relatedTerms(index: UnitIndex, text: string, weight: number): QueryTerm[] {
  const found: QueryTerm[] = [];
  for (const term of new Set(termsOf(text))) {
    const others = relatedTo(term);
    if (others.length > 0) found.push({ id: -1, others: index.terms.idsOf(others), weight });
  }
  return found;
}
