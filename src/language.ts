/** The languages in which katamari itself speaks. */
export type Language = 'en' | 'ja';

/** How far into a text we look: enough to tell, and the same cost for a question and for a pasted book. */
const SAMPLE_CHARS = 4000;

/**
 * The language to answer a text in: Japanese where its kana and kanji outweigh its Latin letters three to one or better, counting neither code
 * nor what is quoted in brackets, since an English question may quote a Japanese term and a Japanese one is often full of identifiers.
 */
export function languageOf(text: string): Language {
  const plain = text.slice(0, SAMPLE_CHARS).replaceAll(/`[^`]*`|「[^」]*」|『[^』]*』/g, ' ');
  const kana = plain.match(/[\u3041-\u30ff]/g)?.length ?? 0;
  const kanji = plain.match(/[\u3400-\u9fff]/g)?.length ?? 0;
  const latin = plain.match(/[A-Za-z]/g)?.length ?? 0;
  return kana > 0 && (kana + kanji) * 3 >= latin ? 'ja' : 'en';
}
