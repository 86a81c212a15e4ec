import { textOf, type Message } from '../message.ts';
import type { Embedder } from './embedder.ts';

/** What an embedder gives for one text. */
export type Vector = Float32Array | readonly number[];

/** Texts per call of the embedder: a slow one is not kept busy for long once nobody waits any longer. */
const BATCH = 24;
/** More of a message than this, in UTF-16 units, is not embedded: embedders cut their input off themselves, mostly earlier. */
const TEXT_LENGTH = 8192;
/** So many texts are known again in other messages, as after a conversation was stored and read; 384 numbers each are 6 MB at most. */
const MAX_TEXTS = 2048;

/** The vectors of messages, each text embedded once as long as it is remembered. */
export class MessageVectors {
  readonly #embedder: Embedder;
  readonly #byMessage = new WeakMap<Message, Vector>();
  /** The oldest first: what was used goes to the end. */
  readonly #byText = new Map<string, Vector>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /** The vector of a message that was loaded. */
  of(message: Message): Vector | undefined {
    return this.#byMessage.get(message);
  }

  /**
   * Embeds the messages that are not known yet. What is known when it fails, or is stopped, stays known.
   *
   * @throws what the embedder throws, TypeError when it gives too few vectors or some of another length, and the reason of `signal`
   */
  async load(messages: readonly Message[], signal: AbortSignal): Promise<void> {
    const missing = new Map<string, { text: string; messages: Message[] }>();
    for (const message of messages) {
      if (this.#byMessage.has(message)) continue;
      const text = textOf(message).slice(0, TEXT_LENGTH);
      const key = fingerprint(text);
      const known = this.#known(key);
      if (known !== undefined) this.#byMessage.set(message, known);
      else {
        const entry = missing.get(key) ?? { text, messages: [] };
        entry.messages.push(message);
        missing.set(key, entry);
      }
    }
    const entries = [...missing];
    for (let at = 0; at < entries.length; at += BATCH) {
      if (at > 0) await turn();
      signal.throwIfAborted();
      const batch = entries.slice(at, at + BATCH);
      const texts = batch.map(([, { text }]) => text);
      const vectors = checked(await this.#embedder.embed(texts, { signal }), batch.length);
      for (const [place, [key, entry]] of batch.entries()) this.#keep(key, entry.messages, vectors[place]);
    }
  }

  #known(key: string): Vector | undefined {
    const vector = this.#byText.get(key);
    if (vector === undefined) return undefined;
    this.#byText.delete(key);
    this.#byText.set(key, vector);
    return vector;
  }

  #keep(key: string, messages: readonly Message[], vector: Vector = []): void {
    for (const message of messages) this.#byMessage.set(message, vector);
    this.#byText.set(key, vector);
    for (const oldest of this.#byText.keys()) {
      if (this.#byText.size <= MAX_TEXTS) return;
      this.#byText.delete(oldest);
    }
  }
}

/** The cosine of two vectors, −1 to 1; `null` where it has no meaning. @throws TypeError when they are of different lengths */
export function cosine(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  if (one.length !== other.length) throw new TypeError('The embedder gave vectors of different lengths.');
  let [product, ones, others] = [0, 0, 0];
  for (let at = 0; at < one.length; at += 1) {
    const a = one[at] ?? 0;
    const b = other[at] ?? 0;
    product += a * b;
    ones += a * a;
    others += b * b;
  }
  const length = Math.sqrt(ones * others);
  return length > 0 && Number.isFinite(product) && Number.isFinite(length)
    ? Math.max(-1, Math.min(1, product / length))
    : null;
}

/** Lets others have their turn: an embedder that computes in this very thread would hold up all of them, and the deadline too. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

function checked(vectors: readonly Vector[], expected: number): readonly Vector[] {
  const length = vectors[0]?.length ?? 0;
  if (vectors.length !== expected || length === 0)
    throw new TypeError(`The embedder gave ${vectors.length} vectors for ${expected} texts.`);
  if (vectors.some((vector) => vector.length !== length))
    throw new TypeError('The embedder gave vectors of different lengths.');
  return vectors;
}

/** 64 bits of two hashes and the length: texts that share all of it by chance would be ranked alike, no more. */
function fingerprint(text: string): string {
  let [one, other] = [0x811c9dc5, 0x9e3779b1];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ unit, 0x85ebca6b) ^ (other >>> 13);
  }
  return `${text.length}.${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
}
