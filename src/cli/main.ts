#!/usr/bin/env node
import { leaveWithReader } from './output.ts';
import { makeProgram } from './program.ts';
import { reportError } from './report-error.ts';

leaveWithReader();
try {
  await makeProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error);
}
