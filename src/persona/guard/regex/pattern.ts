import type { CharSet } from './char-set.ts';

/** What must hold between two characters. */
export type Assertion = 'word-edge' | 'no-word-edge' | 'text-start' | 'text-end' | 'line-start' | 'line-end';

/** A regular expression, read. */
export type Pattern =
  | { readonly type: 'set'; readonly set: CharSet }
  | { readonly type: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly type: 'choice'; readonly options: readonly Pattern[] }
  | { readonly type: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number }
  | { readonly type: 'assert'; readonly assertion: Assertion };
