import type { Provider } from '../provider.ts';
import type { StandardSchema } from '../structured/standard-schema.ts';

/** Options of {@link prethought}. */
export interface PrethoughtOptions {
  /**
   * Who reads the request: `rules` go by headings and cue words in English and Japanese, cost nothing and always say the same; `model` is a call
   * of its own, before the others. Where that fails the rules read. @defaultValue `'rules'`
   */
  readonly by?: 'rules' | 'model';
  /** Whether what was read is added to the user's message, as quoted data. @defaultValue false */
  readonly addToRequest?: boolean;
  /** Whether critics measure the answer by it. @defaultValue true */
  readonly rubric?: boolean;
  /** Which model is asked. @defaultValue the chain's provider, with the request's model */
  readonly provider?: Provider;
  /** @defaultValue the request's, or the provider's own where `provider` is given */
  readonly model?: string;
  /** Sampling temperature of the model's call, 0 to 2. @defaultValue the provider's */
  readonly temperature?: number;
  /** Upper bound of what the model writes, in tokens. @defaultValue 600 */
  readonly maxOutputTokens?: number;
  /** The instruction, in place of the built-in one; the request stands before it as quoted data. */
  readonly prompt?: string;
  /**
   * A Standard Schema of what the model writes. It must give `purpose`, `constraints`, `viewpoint` and `expectations`, each a list of texts.
   *
   * @defaultValue these four, read leniently
   */
  readonly schema?: StandardSchema;
}
