import { exitCodes } from './exit-codes.ts';
import { reportError } from './report-error.ts';

/** At the first SIGINT or SIGTERM closes what is served; a second one leaves at once. */
export function closeAtSignal(close: () => Promise<void>): void {
  let isClosing = false;
  const onSignal = (): void => {
    if (isClosing) process.exit(exitCodes.interrupted);
    isClosing = true;
    close().catch((error: unknown) => {
      process.exitCode = reportError(error);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
