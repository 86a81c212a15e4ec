import { textOf, type Message } from '../../message.ts';

/** Turns texts into vectors whose cosine says how near they are in meaning. The caller's: katamari brings none. */
export interface Embedder {
  /** For the account, for example `all-MiniLM-L6-v2`. */
  readonly name: string;
  /** The languages it knows, as BCP 47 tags; texts in Japanese are only measured with `ja` among them. @defaultValue all */
  readonly languages?: readonly string[];
  /** One vector per text, all of one length. */
  embed(texts: readonly string[]): Promise<readonly (Float32Array | readonly number[])[]>;
}

type Vector = Float32Array | readonly number[];

/** Texts per call of the embedder. */
const BATCH = 64;
/** More of a message than this, in UTF-16 units, is not embedded: embedders cut their input off themselves, mostly earlier. */
const TEXT_LENGTH = 8192;

const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu;
const letters = /\p{L}/gu;

/**
 * Measures how near a trimmed history is to the whole one: the cosine of the mean vectors of their messages, −1 to 1. It says that the
 * subject is the same, not that the answer is still there: a selection at random has 0.93 to 0.99. What tells is `fact_retention`.
 */
export class SemanticMeter {
  /** How it measures, for the account. */
  readonly method: string;
  readonly #embedder: Embedder;
  readonly #vectors = new WeakMap<Message, Vector>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
    this.method = `mean-cosine:${embedder.name}`;
  }

  /**
   * @returns −1 to 1; `null` where there is nothing to measure, or a language is unknown to the embedder
   * @throws what the embedder throws; TypeError when its vectors are not of one length
   */
  async retention(before: readonly Message[], after: readonly Message[]): Promise<number | null> {
    const [all, left] = [before.filter(hasText), after.filter(hasText)];
    if (all.length === 0 || left.length === 0 || !this.#knows(all)) return null;
    if (after === before) return 1;
    await this.#embed([...new Set([...all, ...left])]);
    return cosine(this.#mean(all), this.#mean(left));
  }

  #knows(messages: readonly Message[]): boolean {
    const { languages } = this.#embedder;
    if (languages === undefined || languages.some((tag) => /^ja\b/i.test(tag))) return true;
    return !messages.some((message) => isJapanese(textOf(message)));
  }

  async #embed(messages: readonly Message[]): Promise<void> {
    const missing = messages.filter((message) => !this.#vectors.has(message));
    for (let at = 0; at < missing.length; at += BATCH) {
      const batch = missing.slice(at, at + BATCH);
      const vectors = await this.#embedder.embed(
        batch.map((message) => textOf(message).slice(0, TEXT_LENGTH)),
      );
      for (const [place, message] of batch.entries()) {
        const vector = vectors[place];
        if (vector === undefined || vector.length === 0)
          throw new TypeError('The embedder gave fewer vectors than texts.');
        this.#vectors.set(message, vector);
      }
    }
  }

  #mean(messages: readonly Message[]): Float64Array {
    const sum = new Float64Array(this.#vectors.get(messages[0] as Message)?.length ?? 0);
    for (const message of messages) {
      const vector = this.#vectors.get(message) ?? [];
      if (vector.length !== sum.length)
        throw new TypeError('The embedder gave vectors of different lengths.');
      for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
    }
    return sum;
  }
}

function hasText(message: Message): boolean {
  return textOf(message).trim() !== '';
}

/** Whether more than a tenth of the letters are Japanese. */
function isJapanese(text: string): boolean {
  return (text.match(japanese)?.length ?? 0) * 10 > (text.match(letters)?.length ?? 0);
}

function cosine(one: Float64Array, other: Float64Array): number | null {
  let [product, ones, others] = [0, 0, 0];
  for (let at = 0; at < one.length; at += 1) {
    const [a, b] = [one[at] ?? 0, other[at] ?? 0];
    product += a * b;
    ones += a * a;
    others += b * b;
  }
  const length = Math.sqrt(ones * others);
  return length > 0 && Number.isFinite(product) ? Math.max(-1, Math.min(1, product / length)) : null;
}
