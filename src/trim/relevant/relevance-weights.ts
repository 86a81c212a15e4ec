/**
 * How much each sign of relevance counts. Set on one half of the meetings of QMSum's validation split and checked on the other, on a part of
 * JaQuAD, and held against chats of two people; none is sharp. Points of recall lost on all those meetings without it, mean of budgets of
 * 512 to 4,096 tokens: the topic level 13.5, value per token 9.9, share of terms 0.9, question 0.5, related words 0.5, talking 0.4.
 * The exchange, the speaker and the kind of answer cost meetings up to 2 points, where everybody speaks on everything; they are for chats
 * of two, where one message holds the answer. `bench/evidence.ts --ablate` measures it again.
 */
export interface RelevanceWeights {
  /** BM25: how fast repeats of a term stop counting. @defaultValue 1.2 */
  readonly k1: number;
  /** BM25: how much a unit longer than the average is discounted. @defaultValue 0.75 */
  readonly b: number;
  /**
   * Where a term is looked for: in the unit alone (reach 0), in the exchange around it, in the stretch on one topic. A neighbour counts
   * less with the distance: a factor of e for every `reach` tokens.
   */
  readonly levels: readonly { readonly reach: number; readonly weight: number }[];
  /** The count of a term at which it has half of its effect on a level. @defaultValue 0.7 */
  readonly half: number;
  /** How much what comes after a unit counts for it, against what stands before. @defaultValue 0.9 */
  readonly backward: number;
  /** How much more a question counts for the units after it. @defaultValue 2 */
  readonly question: number;
  /** Gain of a level where all terms of the query are together, over one with a single of many. @defaultValue 0.75 */
  readonly share: number;
  /** Gain of units whose speaker the query names, on the near levels. @defaultValue 0.75 */
  readonly speaker: number;
  /** Gain of the user's units for "I" and "my", of the assistant's for "you". @defaultValue 0.75 */
  readonly person: number;
  /** Gain of units that hold a date, or a number, for queries that ask for one. @defaultValue 0.4 */
  readonly answer: number;
  /** What a standing instruction of the user has at least, as a share of the best score. @defaultValue 0.25 */
  readonly instruction: number;
  /** What words about talking (`discuss`, `summarize`) count in a query. @defaultValue 0.5 */
  readonly talking: number;
  /** What words related to one of the query count against it (`puppy` for `pet`). @defaultValue 0.5 */
  readonly related: number;
  /** Value of a unit is its score over `(tokens + costOffset) ** costPower`. @defaultValue 12 and 0.5 */
  readonly costOffset: number;
  readonly costPower: number;
}

/** The weights {@link RelevanceWeights} describes. */
export const RELEVANCE_WEIGHTS: RelevanceWeights = {
  k1: 1,
  b: 0.75,
  levels: [
    { reach: 0, weight: 1 },
    { reach: 40, weight: 1 },
    { reach: 400, weight: 0.8 },
  ],
  half: 0.7,
  backward: 0.9,
  question: 2,
  share: 1,
  speaker: 0.75,
  person: 0.75,
  answer: 0.4,
  instruction: 0.25,
  talking: 0.5,
  related: 0.5,
  costOffset: 12,
  costPower: 0.5,
};
