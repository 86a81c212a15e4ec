/** Turns texts into vectors whose cosine says how near they are in meaning. The caller's: katamari brings none. */
export interface Embedder {
  /** For the account, for example `all-MiniLM-L6-v2`. */
  readonly name: string;
  /**
   * The languages it knows, as BCP 47 tags. Texts in Japanese are only embedded with `ja` among them, other texts only with another tag
   * than `ja`. @defaultValue all
   */
  readonly languages?: readonly string[];
  /**
   * One vector per text, all of one length. At most 24 texts a call. `signal` is aborted when nobody waits for the vectors any longer.
   */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly (Float32Array | readonly number[])[]>;
}

const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu;
const letters = /\p{L}/gu;

/** Whether an embedder says that it knows the language of a text. */
export function knowsLanguage({ languages }: Pick<Embedder, 'languages'>, text: string): boolean {
  if (languages === undefined) return true;
  return isJapanese(text) ? languages.some(isJapaneseTag) : !languages.every(isJapaneseTag);
}

function isJapaneseTag(tag: string): boolean {
  return /^ja\b/i.test(tag);
}

/** Whether more than a tenth of the letters are Japanese. */
function isJapanese(text: string): boolean {
  return (text.match(japanese)?.length ?? 0) * 10 > (text.match(letters)?.length ?? 0);
}
