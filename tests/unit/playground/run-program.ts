import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a program with this Node, on the sources. */
export function runProgram(file: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['--conditions=@katamari/source', file], { cwd, timeout: 20_000 });
}
