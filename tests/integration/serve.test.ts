import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

/** `npm run serve`, without npm: the process itself is to be told to stop. */
function start(environment: Readonly<Record<string, string>>, ...options: readonly string[]): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(
    process.execPath,
    ['--conditions=@katamari/source', 'src/cli/main.ts', 'serve', '--port', '0', ...options],
    {
      env: { PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}

describe('npm run serve', () => {
  it('prints its address, asks for the keys of the environment, logs without them, and drains at SIGTERM', async () => {
    const key = 'key-of-this-test-01';
    const server = start({ KATAMARI_API_KEYS: `test:${key}` });
    let log = '';
    server.stderr?.on('data', (text: Buffer) => (log += String(text)));
    const [first] = (await once(server.stdout ?? server, 'data')) as [Buffer];
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(first))?.[0] ?? '';
    expect(String(first)).toMatch(/with keys/);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const answer = await fetch(`${url}/v1/runs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        messages: [{ role: 'user', content: 'SECRET question' }],
        persona: 'concise-engineer',
      }),
    });
    expect(await answer.json()).toMatchObject({ finishReason: 'stop' });
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    expect(await metrics.text()).toMatch(/katamari_requests_total\{[^}]*status="completed"\} 1/);
    server.kill('SIGTERM');
    const [code] = (await once(server, 'exit')) as [number];
    expect(code).toBe(0);
    expect(log).toMatch(/"name":"katamari\.request"/);
    expect(log).toMatch(/"name":"katamari\.access".*"client":"test"/);
    expect(log).not.toMatch(/SECRET|key-of-this-test/);
  });

  it('says in one line what is wrong with its settings', async () => {
    const server = start({ KATAMARI_API_KEYS: 'short' });
    let log = '';
    server.stderr?.on('data', (text: Buffer) => (log += String(text)));
    const [code] = (await once(server, 'exit')) as [number];
    expect([code, log.trim().split('\n').length]).toEqual([1, 1]);
    expect(log).toMatch(/^invalid-input: auth/);
  });
});
