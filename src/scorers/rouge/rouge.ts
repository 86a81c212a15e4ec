import { languageOf, type Language } from '../../language.ts';
import { wordsOf } from '../words-of.ts';
import { porterStem } from './porter-stem.ts';

/** Which figure: overlap of words, of pairs of words, or the longest common subsequence of words. */
export type RougeType = 'rouge-1' | 'rouge-2' | 'rouge-l';

/** How texts are cut into words. */
export interface RougeOptions {
  /** Whether English words of more than three letters are compared by their stems (Porter). @defaultValue false */
  readonly stem?: boolean;
  /** `en`: as Google's `rouge_score` does, ASCII letters and digits. `ja`: words of `Intl.Segmenter`. @defaultValue that of the reference */
  readonly language?: Language;
}

/** 0 to 1 each. */
export interface RougeFigures {
  /** The share of the text that stands in the reference. */
  readonly precision: number;
  /** The share of the reference that stands in the text. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly fmeasure: number;
}

/**
 * ROUGE (Lin 2004) of a text against a reference; on English the figures of Google's `rouge_score`. `rouge-l` takes time in proportion to the
 * product of both lengths.
 */
export function rouge(
  type: RougeType,
  reference: string,
  text: string,
  { stem = false, language = languageOf(reference) }: RougeOptions = {},
): RougeFigures {
  const cut = (whole: string) => (language === 'ja' ? wordsOf(whole, 'ja') : englishTokens(whole, stem));
  const [wanted, given] = [cut(reference), cut(text)];
  if (type === 'rouge-l') return figures(commonLength(wanted, given), given.length, wanted.length);
  const size = type === 'rouge-1' ? 1 : 2;
  const [wantedGrams, givenGrams] = [gramsOf(wanted, size), gramsOf(given, size)];
  let common = 0;
  for (const [gram, count] of wantedGrams) common += Math.min(count, givenGrams.get(gram) ?? 0);
  return figures(common, Math.max(0, given.length - size + 1), Math.max(0, wanted.length - size + 1));
}

function figures(common: number, given: number, wanted: number): RougeFigures {
  const precision = given === 0 ? 0 : common / given;
  const recall = wanted === 0 ? 0 : common / wanted;
  const sum = precision + recall;
  return { precision, recall, fmeasure: sum === 0 ? 0 : (2 * precision * recall) / sum };
}

function englishTokens(text: string, stem: boolean): string[] {
  const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stem ? tokens.map((token) => (token.length > 3 ? porterStem(token) : token)) : [...tokens];
}

function gramsOf(tokens: readonly string[], size: number): Map<string, number> {
  const grams = new Map<string, number>();
  for (let at = 0; at + size <= tokens.length; at++) {
    const gram = tokens.slice(at, at + size).join(' ');
    grams.set(gram, (grams.get(gram) ?? 0) + 1);
  }
  return grams;
}

/** Length of the longest common subsequence, row by row. */
function commonLength(first: readonly string[], second: readonly string[]): number {
  let row = new Uint32Array(second.length + 1);
  for (const token of first) {
    const next = new Uint32Array(second.length + 1);
    for (let at = 1; at <= second.length; at++) {
      next[at] =
        token === second[at - 1] ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0);
    }
    row = next;
  }
  return row[second.length] ?? 0;
}
