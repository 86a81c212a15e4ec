/** Counts the tokens of a text for one model, or for one family of them. */
export interface TokenCounter {
  /** What it counts with: an encoding's name such as `o200k_base`, or `estimate`. */
  readonly name: string;
  /** True where `count` is the model's own tokenization. */
  readonly exact: boolean;
  /** Tokens of the text. Markers such as `<|endoftext|>` count as the plain text they are. */
  count(text: string): number;
  /**
   * Never less than `count`, in time linear in the length and without the table. For a caller that wants to know whether a
   * text may be too large before it pays for the exact count. @defaultValue `count` is cheap enough
   */
  upperBound?(text: string): number;
}
