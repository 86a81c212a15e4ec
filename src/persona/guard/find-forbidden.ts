import { findIn } from './find-in.ts';
import { Guard } from './guard.ts';
import type { Finding } from './held-text.ts';

/** Options of {@link findForbidden}. */
export interface FindForbiddenOptions {
  /** As of `forbid`, in UTF-16 units. @defaultValue 256 */
  readonly holdLimit?: number;
}

/** No term may hold a mask's characters; nothing is masked here, and this one is in no term that a person writes. */
const NO_MASK = '\u{10ffff}';

/**
 * What a whole text holds of what a persona forbids, as the `forbid` step would find it: for checking texts, and for checking entries before
 * any run. Places that share characters are one.
 *
 * @param entries - as in a persona's `forbid`
 * @throws PersonaError that names the entry when one can't be matched
 */
export function findForbidden(
  text: string,
  entries: readonly string[],
  { holdLimit = 256 }: FindForbiddenOptions = {},
): readonly Finding[] {
  return findIn(new Guard(entries, { mask: NO_MASK, holdLimit }), text).findings;
}
