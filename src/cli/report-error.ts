import { CommanderError } from 'commander';

import { isKatamariError, PersonaError } from '../errors.ts';
import { exitCodes } from './exit-codes.ts';
import { tell } from './output.ts';

/** Tells of an error as `code: message`, never with a stack, and gives the exit code. */
export function reportError(error: unknown): number {
  // Commander has told of it already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (isKatamariError(error)) {
    tell(`${error.code}: ${error.message}`, 'red');
    if (error instanceof PersonaError && error.frame !== undefined) tell(`\n${error.frame}`);
    return error.code === 'aborted' ? exitCodes.interrupted : exitCodes.failed;
  }
  tell(`unknown: ${error instanceof Error ? error.message : String(error)}`, 'red');
  return exitCodes.failed;
}
