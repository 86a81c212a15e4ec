import { languageOf, type Language } from '../language.ts';

/** The words of a text in any language, in lower case and plain forms (NFKC), by `Intl.Segmenter`. */
export function wordsOf(text: string, language: Language = languageOf(text)): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFKC'))) {
    if (isWordLike === true) words.push(segment.toLowerCase());
  }
  return words;
}
