import type { TermIndex } from './term-index.ts';

/** Parameters of {@link bm25}. */
export interface Bm25Options {
  /** How fast repeats of a term stop counting. @defaultValue 1.2 */
  readonly k1?: number;
  /** How much a text longer than the average is discounted, 0–1. @defaultValue 0.75 */
  readonly b?: number;
}

/** The weight of a term that stands in `documents` of `size` texts: BM25's, which never turns negative. */
export function rarityOf(documents: number, size: number): number {
  return Math.log(1 + (size - documents + 0.5) / (documents + 0.5));
}

/**
 * The plain BM25 score of every text of an index for a query (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
 * Time linear in the index.
 */
export function bm25(
  index: TermIndex,
  query: string,
  { k1 = 1.2, b = 0.75 }: Bm25Options = {},
): Float64Array {
  const scores = new Float64Array(index.size);
  const average = index.termCount / Math.max(1, index.size);
  const terms = index.queryTermsOf(query);
  for (const [place, { documents, counts }] of index.postingsOf(terms).entries()) {
    const rarity = rarityOf(documents.length, index.size) * (terms[place]?.weight ?? 1);
    for (const [row, document] of documents.entries()) {
      const count = counts[row] ?? 0;
      const norm = k1 * (1 - b + (b * index.lengthOf(document)) / average);
      scores[document] = (scores[document] ?? 0) + (rarity * count * (k1 + 1)) / (count + norm);
    }
  }
  return scores;
}
