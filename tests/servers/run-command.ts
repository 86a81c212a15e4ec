import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command ended, and what it said. */
export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface CommandOptions {
  /** What it reads. @defaultValue nothing */
  readonly input?: string;
  /** In place of, or besides, the variables of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Is told every piece of stdout as it comes, and may send signals. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** The command line, from source. */
export const katamari: readonly string[] = [
  process.execPath,
  '--conditions=@katamari/source',
  'src/cli/main.ts',
];

/** No colours, and none of the keys and choices that this machine may have. */
export function environmentWith(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:KATAMARI_|NO_COLOR$|FORCE_COLOR$|.*_(?:API_KEY|BASE_URL)$)/.test(name),
  );
  // To strip the types of a hundred files takes most of a command's time.
  const cache = join(tmpdir(), 'katamari-compile-cache');
  return { ...Object.fromEntries(own), NODE_COMPILE_CACHE: cache, ...more };
}

/** Starts `katamari` in a pipe and waits for its end. */
export async function runKatamari(words: readonly string[], options: CommandOptions = {}): Promise<Said> {
  const [program = '', ...before] = katamari;
  const child = spawn(program, [...before, ...words], {
    env: environmentWith(options.environment ?? {}),
    timeout: 60_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    options.onOutput?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A command that never reads its input closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
