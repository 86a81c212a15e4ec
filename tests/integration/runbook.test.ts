import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shellCommands } from '../support/code-blocks.ts';

const run = promisify(execFile);

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
const elsewhere = new Set(['npm ci', 'npm test', 'npm ci && npm run demo', 'npm ci && npm test']);

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commands = shellCommands('RUNBOOK.md');

const server = createServer((_, response) => {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      error: { message: 'The model does not exist', type: 'invalid_request_error', code: 'model_not_found' },
    }),
  );
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function execute(command: string): Promise<{ code: number; output: string }> {
  const { port } = server.address() as AddressInfo;
  const env = {
    ...process.env,
    NO_COLOR: '1',
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
  };
  const [program = '', ...parameters] = command.split(' ');
  const options = { env, timeout: 15_000, maxBuffer: 2 ** 26 };
  return run(program, parameters, options).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    },
  );
}

describe('the runbook', () => {
  it('has no command that nobody tries, and tries none that is not there', () => {
    const tried = commands.filter((command) => !elsewhere.has(command));
    expect(tried.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.concurrent.each(Object.entries(expected))('%s', async (command, [code, output]) => {
    const seen = await execute(command);
    expect(seen.output).toMatch(output);
    expect(seen.code).toBe(code);
  });

  it('names only scripts that exist', () => {
    const text = readFileSync('RUNBOOK.md', 'utf8') + readFileSync('README.md', 'utf8');
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
