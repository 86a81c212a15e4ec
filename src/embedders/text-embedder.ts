/** What the embedders here are: an `Embedder` as `trim` takes it, and usable without it. */
export interface TextEmbedder {
  /** Stands in the account as the method. */
  readonly name: string;
  /** The languages it knows, as BCP 47 tags; all of them where there is none. */
  readonly languages?: readonly string[];
  /** One vector of length 1 per text, in the same order. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
}
