import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string>>;

/** `npm run serve` in a process of its own, with a log like an operator's. */
export interface Served {
  readonly url: string;
  /** The file where its stderr goes. */
  readonly log: string;
  close(): Promise<void>;
}

/** The environment of a served process: this one's, without anything that would choose a provider. */
export function servedEnvironment(more: Environment = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/_API_KEYS?$|_BASE_URL$|^KATAMARI_/.test(name));
  // Each process would compile the same files anew: that is half of what it costs to start one.
  const cache = { NODE_COMPILE_CACHE: join(tmpdir(), 'katamari-compile-cache') };
  return { ...Object.fromEntries(own), ...cache, NO_COLOR: '1', ...more };
}

/** Starts one on a free port, and waits until it listens. `stderr` is a file, by default one of its own. */
export async function startServed(environment: Environment, stderr?: string): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'katamari-served-'));
  const log = stderr ?? join(folder, 'katamari.log');
  const child = spawn(
    process.execPath,
    ['--conditions=@katamari/source', 'src/cli/main.ts', 'serve', '--port', '0'],
    {
      env: servedEnvironment(environment),
      stdio: ['ignore', 'pipe', openSync(log, 'a')],
    },
  );
  const { stdout } = child;
  if (stdout === null) throw new Error('The service has no output.');
  const exited = once(child, 'exit');
  let text = '';
  for await (const chunk of stdout) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  const url = /http:\S+/.exec(text)?.[0] ?? '';
  return {
    url,
    log,
    async close() {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port of 127.0.0.1 that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
