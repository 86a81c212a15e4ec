import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { createClient } from '@redis/client';

import { freePort } from './served.ts';

/** Whether this machine has a `redis-server`; where it has none, tests that need one are skipped. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** A real Redis on a free port of 127.0.0.1, which keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** A client that is connected. Closed with the server. */
  client(): Promise<TestClient>;
  /** SIGKILL. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export type TestClient = ReturnType<typeof connectTo>;

function connectTo(url: string) {
  // No client of a test waits for a server that will not be back.
  const client = createClient({
    url,
    socket: { reconnectStrategy: (retries) => (retries > 50 ? false : 20) },
  });
  client.on('error', () => undefined);
  return client;
}

export async function startRedis(port?: number): Promise<RedisServer> {
  port ??= await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--databases', '1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await ready(child);
  const clients: TestClient[] = [];
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    url,
    port,
    async client() {
      const client = connectTo(url);
      await client.connect();
      clients.push(client);
      return client;
    },
    kill,
    async close() {
      for (const client of clients) if (client.isOpen) client.destroy();
      await kill();
    },
  };
}

async function ready(child: ChildProcess): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes('Ready to accept')) break;
  // Read on, or a full pipe would stop the server.
  child.stdout?.resume();
}
