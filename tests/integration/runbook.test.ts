import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { startProvider } from '../servers/misbehaving-provider.ts';
import { hasRedis } from '../servers/redis-server.ts';
import { servedEnvironment } from '../servers/served.ts';
import { outputPattern, runbookCommands, runbookScripts } from '../support/runbook-scripts.ts';
import { Scene, scenes } from './runbook-scenes.ts';

/** What an operator must see, by command; the exit code first. */
const expected: Readonly<Record<string, readonly [code: number, output: RegExp]>> = {
  'npm run persona:check -- personas': [0, /^code-reviewer: ok$/m],
  'npm run demo -- --budget 1024': [
    0,
    /── draft[^]*── critique[^]*── final[^]*done: stop[^]*token_in +token_out +compress_ratio/,
  ],
  'npm run demo -- --json': [0, /"type":"run-start"[^]*"type":"done"/],
  'npm run demo -- --provider openai --model no-such-model': [1, /^not-found: /m],
  'npm run demo -- --budget 10': [1, /^budget-impossible: .*at least \d+/m],
  'npm run demo -- --persona tests/fixtures/personas/broken.yaml': [
    1,
    /^invalid-persona: .*broken\.yaml:3:\d+/m,
  ],
  'npm run demo -- --history no-such-file.json': [1, /^invalid-input: /m],
};

/** These would run this very test, or install what is installed. */
const elsewhere = new Set(['npm ci', 'npm test']);

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const sections = runbookScripts();
/** On a busy machine; alone, the longest takes ten seconds: three retries. */
const TIMEOUT_MS = 60_000;

/** Runs a script as an operator would, by the shell. What it has started goes with it. */
async function execute(
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-c', script], {
    env: servedEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const late = setTimeout(() => process.kill(-(child.pid ?? Number.NaN), 'SIGKILL'), TIMEOUT_MS * 0.8);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(late);
  return { code, output: output.replaceAll('\r', '').trim() };
}

describe('the runbook', () => {
  it('has no command that nobody tries, and tries none that is not there', () => {
    const tried = runbookCommands().filter((command) => !elsewhere.has(command));
    expect(tried.toSorted()).toEqual(Object.keys(expected).toSorted());
    expect([...sections.keys()].toSorted()).toEqual(Object.keys(scenes).toSorted());
  });

  it.concurrent.each(Object.entries(expected))(
    '%s',
    async (command, [code, output]) => {
      await using provider = await startProvider('no-model');
      const environment = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${provider.url}/v1` };
      const seen = await execute(command, environment);
      expect(seen.output).toMatch(output);
      expect(seen.code).toBe(code);
    },
    TIMEOUT_MS,
  );

  it.concurrent.for([...sections])(
    '%s: every command shows what the runbook says',
    { timeout: TIMEOUT_MS },
    async ([heading, blocks], { skip }) => {
      const { needsRedis = false, set } = scenes[heading] ?? { set: () => Promise.resolve([]) };
      skip(needsRedis && !hasRedis, 'there is no redis-server');
      await using scene = new Scene();
      const before = await set(scene);
      for (const [index, { script, output }] of blocks.entries()) {
        await before[index]?.();
        const seen = await execute(script, scene.variables);
        expect(seen.output).toMatch(outputPattern(output));
      }
    },
  );

  it('names only scripts that exist', () => {
    const text = readFileSync('RUNBOOK.md', 'utf8') + readFileSync('README.md', 'utf8');
    const named = [...text.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
