import type { ChainEvent } from '../event.ts';

/** What an event takes in memory besides its text, in bytes: the object, its labels, its place in an array. */
const OVERHEAD = 160;

/** About how much memory an event takes, in bytes. Tokens, of which there are many, are not serialised for it. */
export function eventSize(event: ChainEvent): number {
  if (event.type === 'token') return OVERHEAD + 2 * event.text.length;
  if (event.type === 'reasoning' && event.providerData === undefined) return OVERHEAD + 2 * event.text.length;
  return OVERHEAD + 2 * JSON.stringify(event).length;
}
