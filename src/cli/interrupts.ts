import { exitCodes } from './exit-codes.ts';

/**
 * While `work` lasts, the first Ctrl-C (or SIGTERM) aborts its signal, so that it can end in order; the second leaves at once.
 *
 * @returns what the work gave, and whether it was interrupted
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly value: T; readonly interrupted: boolean }> {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort('interrupted');
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return { value: await work(controller.signal), interrupted: controller.signal.aborted };
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
