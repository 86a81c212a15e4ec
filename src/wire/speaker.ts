import type { UserMessage } from '../message.ts';

/** What stands before the words of a user who has a name, in protocols that have no field for it: without it nobody could tell them apart. */
export function speakerOf({ name }: UserMessage): string {
  return name === undefined || name === '' ? '' : `${name}: `;
}
