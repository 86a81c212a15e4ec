import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { inject } from 'vitest';

/** A playground in a process of its own. */
export interface ChildServer extends AsyncDisposable {
  readonly url: string;
  /** Kills it, so that nothing of it is left. */
  kill(): Promise<void>;
}

/**
 * Starts a playground that can be killed.
 *
 * @param port - 0 takes one that is free
 * @param pace - of the embedded default, in tokens per second
 * @param redis - where runs outlive the process; its memory when left out
 */
export async function childServer(port: number, pace: number, redis?: string): Promise<ChildServer> {
  const program = join(import.meta.dirname, 'serve-playground.ts');
  const args = [
    '--conditions=@katamari/source',
    program,
    String(port),
    inject('playground'),
    String(pace),
    ...(redis === undefined ? [] : [redis]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = (): Promise<void> => end(child);
  return { url: line.toString().trim(), kill, [Symbol.asyncDispose]: kill };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
