import { KatamariError } from '../errors.ts';
import { BytePairEncoding } from './byte-pair-encoding.ts';
import type { EncodingName } from './encoding-pattern.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { ExactCounter } from './exact-counter.ts';
import type { TokenCounter } from './token-counter.ts';
import { TokenTable } from './token-table.ts';

/** Model families by how their ids begin, a vendor's prefix left out; the first match holds. */
const families: readonly (readonly [RegExp, EncodingName])[] = [
  [/^(?:gpt-5|gpt-4\.[15]|gpt-4o|chatgpt-4o|chat-latest|gpt-oss|codex-mini|o[134](?:-|$))/u, 'o200k_base'],
  [/^(?:gpt-4(?:-|$)|gpt-3\.?5|text-embedding-(?:3|ada-002))/u, 'cl100k_base'],
];

/** Counts by the scripts of the text, for models whose tokenizer is not public. */
const estimateCounter: TokenCounter = Object.freeze({
  name: 'estimate',
  exact: false,
  count: estimateTokens,
});

/** The model of the embedded provider `local()`, which reads no tokens: what it is given is measured by the estimate, and by nothing else. */
const extractive = /^extractive-\d+$/u;
const extractiveCounter: TokenCounter = Object.freeze({ ...estimateCounter, exact: true });

/**
 * The encoding of a model, by its id: `gpt-5-mini`, `openai/gpt-4o-2024-08-06`, `gpt-35-turbo`, `ft:gpt-4o-mini:acme::1`. `gpt-oss` has
 * `o200k_harmony`, whose tokens of text are those of `o200k_base`. `undefined` where the model's tokenizer is not public.
 */
export function encodingOf(model: string): EncodingName | undefined {
  const id = model.toLowerCase().replace(/^.*\//u, '').replace(/^ft:/u, '');
  return families.find(([pattern]) => pattern.test(id))?.[1];
}

/**
 * The counter of a model: exact where its encoding is public, else the estimate (which is exact for `extractive-1`, the embedded provider). The table (2.1 MB for `o200k_base`) is loaded here and
 * at no other time; keep the counter, since every call builds a new one.
 *
 * @throws KatamariError `invalid-input` where the table cannot be loaded
 */
export async function loadCounter(model: string): Promise<TokenCounter> {
  const name = encodingOf(model);
  if (name !== undefined) return loadEncoding(name);
  return extractive.test(model) ? extractiveCounter : estimateCounter;
}

/**
 * An exact counter of one encoding.
 *
 * @throws KatamariError `invalid-input` where the table cannot be loaded
 */
export async function loadEncoding(name: EncodingName): Promise<TokenCounter> {
  const { packed } = await importTable(name).catch((cause: unknown) => {
    throw new KatamariError(
      'invalid-input',
      `The table of ${name} cannot be loaded: it is a chunk of the package, which a bundler has to keep.`,
      { cause },
    );
  });
  return new ExactCounter(name, new BytePairEncoding(new TokenTable(fromBase64(packed))));
}

/** Literal specifiers, one per table, so that a bundler sees them and keeps each in a chunk of its own. */
function importTable(name: EncodingName): Promise<{ readonly packed: string }> {
  return name === 'o200k_base' ? import('./tables/o200k-base.ts') : import('./tables/cl100k-base.ts');
}

/** Where it can, by what runtimes have for it: twenty times as fast as going through `atob`. */
function fromBase64(text: string): Uint8Array {
  const { Buffer } = globalThis as { readonly Buffer?: Base64Reader };
  if (Buffer !== undefined) return Buffer.from(text, 'base64');
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

/** What katamari uses of Node's `Buffer`. */
interface Base64Reader {
  from(text: string, encoding: 'base64'): Uint8Array;
}
