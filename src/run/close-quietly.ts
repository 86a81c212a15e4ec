/**
 * Tells an iterator that it is not wanted any more, without waiting for it and without hearing how it takes that: it may be the one that
 * hangs, or one that was written by hand and throws.
 */
export function closeQuietly(iterator: AsyncIterator<unknown> | undefined): void {
  try {
    Promise.resolve(iterator?.return?.()).catch(() => undefined);
  } catch {
    // Thrown before there was a promise.
  }
}
