import { textOf, type Message } from '../../message.ts';
import { knowsLanguage, type Embedder } from '../embedder.ts';
import { cosine, type MessageVectors } from '../message-vectors.ts';
import { isStub } from '../sides.ts';

/**
 * Measures how near a trimmed history is to the whole one: the cosine of the mean vectors of their messages, −1 to 1. It says that the
 * subject is the same, not that the answer is still there: a selection at random has 0.93 to 0.99. What tells is `fact_retention`.
 */
export class SemanticMeter {
  /** How it measures, for the account. */
  readonly method: string;
  readonly #embedder: Embedder;
  readonly #vectors: MessageVectors;

  constructor(embedder: Embedder, vectors: MessageVectors) {
    this.#embedder = embedder;
    this.#vectors = vectors;
    this.method = `mean-cosine:${embedder.name}`;
  }

  /**
   * @returns −1 to 1; `null` where there is nothing to measure, or a language is unknown to the embedder
   * @throws what the embedder throws; TypeError when its vectors are not of one length
   */
  async retention(
    before: readonly Message[],
    after: readonly Message[],
    signal: AbortSignal,
  ): Promise<number | null> {
    const [all, left] = [
      before.filter(hasText),
      after.filter((message) => hasText(message) && !isStub(message)),
    ];
    const isKnown = all.every((message) => knowsLanguage(this.#embedder, textOf(message)));
    if (all.length === 0 || left.length === 0 || !isKnown) return null;
    if (after === before) return 1;
    await this.#vectors.load([...new Set([...all, ...left])], signal);
    return cosine(this.#mean(all), this.#mean(left));
  }

  #mean(messages: readonly Message[]): Float64Array {
    const vectors = messages.flatMap((message) => [this.#vectors.of(message) ?? []]);
    const sum = new Float64Array(vectors[0]?.length ?? 0);
    for (const vector of vectors) {
      if (vector.length !== sum.length)
        throw new TypeError('The embedder gave vectors of different lengths.');
      for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
    }
    return sum;
  }
}

/** Whether there is anything to embed. */
export function hasText(message: Message): boolean {
  return textOf(message).trim() !== '';
}
