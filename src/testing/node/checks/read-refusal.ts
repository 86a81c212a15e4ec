import type { ProviderError } from '../../../errors.ts';
import { expectEqual } from '../expect-equal.ts';
import { readFailure } from '../read-answer.ts';
import type { Scene } from '../scene.ts';

/** The error of a call that is refused before anything is said. */
export async function readRefusal({ ask, context }: Scene): Promise<ProviderError> {
  const { error, seen } = await readFailure(ask(), context);
  expectEqual(seen.events, [], 'events before the error');
  return error as ProviderError;
}
