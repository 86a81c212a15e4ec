import type { Scorer } from '../scorer.ts';
import { sentencesOf } from '../text/sentences.ts';
import { checkShare, invalid, makeScorer, referenceOf } from './make-scorer.ts';
import { wordsOf } from './words-of.ts';

/** Turns texts into vectors: any embedder that `trim` takes. */
export interface ScorerEmbedder {
  readonly name: string;
  /** One vector per text, all of one length. At most 24 texts a call. */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly (Float32Array | readonly number[])[]>;
}

/** Options of {@link embeddingScorer}. */
export interface EmbeddingScorerOptions {
  /** What is matched with what. @defaultValue `'sentence'` */
  readonly unit?: 'sentence' | 'word';
  /** Which of the three figures is the score. @defaultValue `'f1'` */
  readonly measure?: 'precision' | 'recall' | 'f1';
  /** From which score on a text passes, 0 to 1. @defaultValue 0.7 */
  readonly threshold?: number;
}

type Vector = Float32Array | readonly number[];

/** Texts in one call of an embedder, as `trim` does it. */
const BATCH = 24;

/**
 * How near a text is to the reference in meaning, as BERTScore has it: each part of the one is matched with the nearest part of the other, by
 * cosine. Precision is the mean over the text's parts, recall over the reference's. Below 0 counts as 0.
 *
 * @throws KatamariError code `invalid-input` for a threshold out of range; `score()` without a reference, and for vectors that are none
 */
export function embeddingScorer(embedder: ScorerEmbedder, options: EmbeddingScorerOptions = {}): Scorer {
  const { unit = 'sentence', measure = 'f1', threshold = 0.7 } = options;
  checkShare('threshold', threshold);
  const name = `embedding:${embedder.name}`;
  return makeScorer(name, async (input) => {
    const reference = partsOf(referenceOf(input, name), unit);
    const text = partsOf(input.text, unit);
    const vectors = await embedAll(embedder, [...new Set([...reference, ...text])], input.signal);
    const figures = match(
      text.map((part) => vectors.get(part) ?? []),
      reference.map((part) => vectors.get(part) ?? []),
    );
    const score = figures[measure];
    const pass = score >= threshold;
    const problem = `The text is not near enough to the reference in meaning: ${measure} is ${score.toFixed(3)}, at least ${threshold} is asked for.`;
    return { score, pass, problems: pass ? [] : [{ problem }], figures: { ...figures, unit } };
  });
}

function partsOf(text: string, unit: 'sentence' | 'word'): string[] {
  const parts = unit === 'word' ? wordsOf(text) : sentencesOf(text);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

async function embedAll(
  embedder: ScorerEmbedder,
  texts: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<Map<string, Vector>> {
  const vectors = new Map<string, Vector>();
  for (let at = 0; at < texts.length; at += BATCH) {
    const batch = texts.slice(at, at + BATCH);
    const found = await embedder.embed(batch, { signal });
    signal.throwIfAborted();
    batch.forEach((text, index) => {
      const vector = found[index];
      if (vector === undefined || !Number.isFinite(lengthOf(vector)))
        throw invalid(`The embedder «${embedder.name}» must give a vector of numbers for each text.`);
      vectors.set(text, vector);
    });
  }
  return vectors;
}

function match(text: readonly Vector[], reference: readonly Vector[]) {
  const precision = meanOfNearest(text, reference);
  const recall = meanOfNearest(reference, text);
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1 };
}

function meanOfNearest(from: readonly Vector[], to: readonly Vector[]): number {
  if (from.length === 0 || to.length === 0) return 0;
  const nearest = from.map((vector) => to.reduce((best, other) => Math.max(best, cosine(vector, other)), 0));
  return nearest.reduce((sum, likeness) => sum + likeness, 0) / from.length;
}

function cosine(first: Vector, second: Vector): number {
  let product = 0;
  for (let at = 0; at < first.length; at++) product += (first[at] ?? 0) * (second[at] ?? 0);
  const lengths = lengthOf(first) * lengthOf(second);
  return lengths === 0 ? 0 : product / lengths;
}

function lengthOf(vector: Vector): number {
  let sum = 0;
  for (const part of vector) sum += part * part;
  return Math.sqrt(sum);
}
