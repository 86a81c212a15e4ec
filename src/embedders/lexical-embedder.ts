import { KatamariError } from '../errors.ts';
import { termsOf } from '../text/words.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Options of {@link lexicalEmbedder}. */
export interface LexicalEmbedderOptions {
  /** The length of the vectors. More keep different texts further apart. @defaultValue 1024 */
  readonly dimensions?: number;
}

const SHORTEST = 3;
const LONGEST = 5;
/** What a word counts against a run of characters. */
const WORD_WEIGHT = 2;

/**
 * An embedder without a model: runs of 3 to 5 characters and words, hashed into a vector (the hashing trick of Weinberger et al., 2009).
 * The same text gives the same vector everywhere, in English, Japanese and any other language. It sees the same letters and not the same
 * meaning: `car` and `automobile` are strangers to it.
 *
 * @throws KatamariError code `invalid-input` when `dimensions` will not do
 */
export function lexicalEmbedder({ dimensions = 1024 }: LexicalEmbedderOptions = {}): TextEmbedder {
  if (!Number.isInteger(dimensions) || dimensions < 16 || dimensions > 65_536) {
    throw new KatamariError(
      'invalid-input',
      'lexicalEmbedder: dimensions must be a whole number from 16 to 65536.',
    );
  }
  return {
    name: 'char-ngram-hash',
    embed: (texts) => Promise.resolve(texts.map((text) => vectorOf(text, dimensions))),
  };
}

function vectorOf(text: string, dimensions: number): Float32Array {
  const counts = new Map<number, number>();
  // Full width and half width, large and small letters are one; the blanks at both ends mark the edges of words.
  const plain = ` ${text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')} `;
  for (let start = 0; start + SHORTEST <= plain.length; start += 1) countRuns(plain, start, counts);
  for (const term of termsOf(text)) add(counts, hashOf(term), WORD_WEIGHT);
  const vector = new Float32Array(dimensions);
  for (const [hash, count] of counts) {
    // The hash's lowest bit is the sign, so that what falls into one place by chance cancels out on average; the rest is the place.
    const place = (hash >>> 1) % dimensions;
    // The root: what is said ten times does not count ten times.
    vector[place] = (vector[place] ?? 0) + (hash % 2 === 0 ? 1 : -1) * Math.sqrt(count);
  }
  return toUnit(vector);
}

function countRuns(text: string, start: number, counts: Map<number, number>): void {
  const longest = Math.min(LONGEST, text.length - start);
  let hash = OFFSET;
  for (let length = 1; length <= longest; length += 1) {
    hash = mix(hash, text.charCodeAt(start + length - 1));
    if (length >= SHORTEST) add(counts, finish(hash), 1);
  }
}

function add(counts: Map<number, number>, hash: number, weight: number): void {
  counts.set(hash, (counts.get(hash) ?? 0) + weight);
}

/** FNV-1a over UTF-16 units. */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Words begin elsewhere, so that a word and a run of the same letters are two features. */
const WORD_OFFSET = 0x2f0b4a87;

function mix(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, PRIME);
}

function hashOf(word: string): number {
  let hash = WORD_OFFSET;
  for (let at = 0; at < word.length; at += 1) hash = mix(hash, word.charCodeAt(at));
  return finish(hash);
}

/** The last step of MurmurHash3: without it the low bits of short texts are not spread evenly. */
function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A text without a single character stays a vector of zeros, which is near to nothing. */
function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
