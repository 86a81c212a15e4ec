import type { RunContext } from '../provider.ts';

/**
 * Waits for a piece of work, but not for ever.
 *
 * @param ms - how long, in milliseconds on the run's clock
 * @returns what the work gives; `undefined` when the time is up
 * @throws what the work throws, and the reason of the run's abort
 */
export function withinTime<T>(
  work: Promise<T>,
  ms: number,
  { clock, signal }: RunContext,
): Promise<T | undefined> {
  if (signal.aborted) {
    // Nobody looks at the work any longer, so that its failure must not count as one that nobody handled.
    work.catch(() => undefined);
    return Promise.reject(signal.reason as Error);
  }
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const cancel = clock.after(ms, () => {
    resolve(undefined);
  });
  work.then(resolve, reject);
  return promise.finally(() => {
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}
