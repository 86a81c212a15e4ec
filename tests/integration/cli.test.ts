import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it, vi } from 'vitest';

import type { ChainEvent } from '../../src/event.ts';
import { startChatServer } from '../servers/chat-server.ts';
import { environmentWith, katamari, runKatamari } from '../servers/run-command.ts';
import { shellCommands } from '../support/code-blocks.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What the guide's examples must give: exit code, stdout, stderr. */
const examples: Readonly<Record<string, readonly [code: number, stdout: RegExp, stderr: RegExp]>> = {
  'chat --once --history examples/data/kaigi.json --persona gijiroku': [
    0,
    /^katamari: persona → trim → reflect\n[^]*── draft[^]*── critique[^]*── final[^]*done: stop\n\n +token_in[^]*\nrun +\d/,
    /^$/,
  ],
  'chat --once --history examples/data/launch-week.json --question "When does the freeze begin?" --rounds 0 --json':
    [0, /^\{"type":"run-start"[^\n]*\}\n[^]*\n\{"type":"done"[^\n]*"finishReason":"stop"\}\n$/, /^$/],
  'run --history examples/data/kaigi.json --persona gijiroku --budget 2048 移転の日はいつになりましたか': [
    0,
    /^この会話から：\n[^]*11月21日（土）[^]*\n$/,
    /^$/,
  ],
  'run "Who decides on a rollback?" --history examples/data/launch-week.json --rounds 1 --metrics': [
    0,
    /^From the conversation:\n[^]*Kenji decides on a rollback[^]*\n$/,
    /^ +token_in +token_out[^]*\ndraft +\d[^]*\nfinal +\d[^]*\nrun +\d/,
  ],
  'run --json --history examples/data/launch-week.json "When does the freeze begin?"': [
    0,
    /^\{"req_id":"[^]*"finishReason":"stop"[^]*"metrics":\{[^\n]*\}\n$/,
    /^$/,
  ],
  'trim examples/data/kaigi.json --budget 1024': [
    0,
    /^\{\n {2}"title": "オフィス移転の定例会議"[^]*"messages": \[[^]*\n\}\n$/,
    /^trim relevant: about [\d,]+ -> \d+ tokens \(budget 1,024\), \d+ of 32 messages kept\n[^]*fact_retention 0\.\d+\n$/,
  ],
  'trim examples/data/launch-week.json --budget 2048 --model gpt-5-mini --query "Who decides on a rollback?" --json --quiet':
    [
      0,
      /^\{"messages":\[[^]*"report":\{"strategy":"relevant","targetTokens":2048,"tokensBefore":\d+,"tokensAfter":\d+,/,
      /^$/,
    ],
  'tokens --model gpt-5-mini README.md RUNBOOK.md': [0, /^\d{4} README\.md\n\d{4} RUNBOOK\.md\n$/, /^$/],
  'tokens --model gpt-4o --text 東京の会議は木曜日です。': [0, /^\d\n$/, /^$/],
  'tokens --messages examples/data/kaigi.json --json': [
    0,
    /^\{"file":"examples\/data\/kaigi\.json","tokens":\d{4},"model":null,"tokenizer":"estimate","exact":false\}\n$/,
    /^$/,
  ],
  'models gpt-5-mini': [0, /^model .*\ngpt-5-mini +openai +reasoning +400000 +128000 +o200k_base/, /^$/],
  'models --provider anthropic --json': [0, /^\[\{"id":"claude-[^\n]*\]\n$/, /^$/],
  'persona lint personas': [0, /^code-reviewer: ok$[^]*^yasashii-nihongo: ok\n$/m, /^$/],
  'persona diff concise-engineer kanketsu-engineer': [1, /^- # Style$[^]*^\+ # 文体$[^]*^ {2}~~~~$/m, /^$/],
  'persona render gijiroku': [0, /^ペルソナ: gijiroku\n[^]*^# 文体$/m, /^$/],
  'doctor --offline': [
    0,
    /^ok +node +\d[^]*^note +key openai +OPENAI_API_KEY is not set$[^]*\n\nReady: katamari run/m,
    /^$/,
  ],
  'serve --port 0': [
    0,
    /^katamari listens at http:\/\/127\.0\.0\.1:\d+ \(no key needed\)\nclosing: .*\n$/,
    /^$/,
  ],
  'dev --port 0': existsSync('dist/playground/index.html')
    ? [0, /^The playground is at http:\/\/127\.0\.0\.1:\d+\n$/, /^$/]
    : [1, /^$/, /^invalid-input: There is no playground in .*npm run build makes it\.\n$/],
  'completion bash': [0, /^complete -o default -F _katamari katamari$/m, /^$/],
  'metrics tests/fixtures/ops/requests.log': [0, /^requests +4 \(3 completed, 0 aborted, 1 failed\)$/m, /^$/],
};

/** Words as a shell would part them: quotes hold some together. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('the guide of the command line', () => {
  const commands = shellCommands('docs/guides/cli.md').map((line) => line.replace(/^npx katamari /, ''));

  it('has no example that nobody tries', () => {
    expect(commands.toSorted()).toEqual(Object.keys(examples).toSorted());
  });

  it.concurrent.each(Object.entries(examples))('%s', async (command, [code, stdout, stderr]) => {
    const said = await runKatamari(wordsOf(command), {
      // Servers serve until they are told.
      onOutput: (text, kill) => {
        if (text.includes(' at http://') && !text.includes('closing')) kill('SIGTERM');
      },
    });
    expect(said.stderr).toMatch(stderr);
    expect(said.stdout).toMatch(stdout);
    expect(said.code).toBe(code);
  });
});

describe.concurrent('the command line in a pipe', () => {
  it('answers stdin', async () => {
    const history = ['run', '--history', 'examples/data/kaigi.json'];
    const said = await runKatamari(history, { input: '移転の日はいつになりましたか\n' });
    expect(said).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('11月21日（土）') as string,
    });
  });

  it('takes each line of stdin as a question, in one conversation, as events that are JSON', async () => {
    const input = 'The freeze begins on Thursday, 14:00.\nWhen does the freeze begin?\n';
    const said = await runKatamari(['chat', '--json', '--rounds', '0'], { input });
    const events = said.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ChainEvent);
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(2);
    expect(said.stdout).toContain('Thursday, 14:00');
    expect(said).toMatchObject({ code: 0, stderr: '' });
  });

  it('forces colours where it is told to, and has none otherwise', async () => {
    const words = ['chat', '--once', '--question', 'hi', '--rounds', '0'];
    const [plain, forced] = await Promise.all([
      runKatamari(words),
      runKatamari(words, { environment: { FORCE_COLOR: '1' } }),
    ]);
    expect(plain.stdout).not.toContain('\u001b');
    expect(forced.stdout).toContain('\u001b[36m── answer');
  });

  it('stops a run at SIGINT, keeps what there is of the answer, prints the figures and ends with 130', async () => {
    const server = await startChatServer('one two three four', 2);
    const environment = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.url };
    const said = await runKatamari(['run', 'count', '--provider', 'openai'], {
      environment,
      onOutput: (text, kill) => {
        if (text.endsWith('two ')) kill('SIGINT');
      },
    });
    await server.close();
    expect(said.stdout).toBe('one two \n');
    expect(said.stderr).toMatch(/^ +token_in[^]*\nrun +\d/);
    expect(said.code).toBe(130);
  });

  it('lets out nothing that the persona forbids', async () => {
    const file = join(tmpdir(), `katamari-forbids-${process.pid}.yaml`);
    writeFileSync(file, 'name: guarded\nstyle: Be brief.\nforbid: ["syn ergy"]\n');
    const server = await startChatServer('There is syn ergy in it.');
    const environment = { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.url };
    const said = await runKatamari(['run', '--persona', file, '--provider', 'openai', 'Why?'], {
      environment,
    });
    rmSync(file);
    await server.close();
    expect(said.stdout).toBe('There is ███ in it.\n');
    expect(said.code).toBe(0);
  });

  it('ends quietly where its reader goes away', async () => {
    const events = `${katamari.join(' ')} chat --once --json --history examples/data/launch-week.json`;
    const script = `set -o pipefail; ${events} | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
      env: environmentWith({}),
    });
    expect(stdout).toMatch(/^\{"type":"run-start".*\}\n$/);
    expect(stderr).toBe('');
  });

  it('is completed by a shell that has read the script', async () => {
    const { stdout: script } = await runKatamari(['completion', 'bash']);
    const ask = (words: string, at: number) =>
      `COMP_WORDS=(katamari ${words}); COMP_CWORD=${at}; _katamari; echo "\${COMPREPLY[@]}"`;
    const shell = `${script}\n${ask('per', 1)}\n${ask('persona l', 2)}\n${ask("trim --strategy ''", 3)}\n${ask('run --ver', 2)}`;
    const { stdout } = await promisify(execFile)('bash', ['-c', shell]);
    expect(stdout).toBe('persona\nlint\nrelevant recent extract\n\n');
  });

  it('looks for keys and tells their names only, and finds a host that is there and one that is not', async () => {
    const asked: unknown[] = [];
    const server = createServer(({ method, headers }, response) => {
      asked.push([method, headers.authorization]);
      response.writeHead(401).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const environment = {
      OPENAI_API_KEY: 'sk-secret-of-mine',
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    };
    const words = ['doctor', '--provider', 'openai', '--json'];
    const there = await runKatamari(words, { environment });
    server.closeAllConnections();
    server.close();
    const gone = await runKatamari(words, { environment });
    const hosts = [there, gone].map(({ stdout }) => {
      const { ready, checks } = JSON.parse(stdout) as {
        ready: boolean;
        checks: { name: string; state: string }[];
      };
      return [ready, checks.find(({ name }) => name === 'host openai')?.state];
    });
    expect(hosts).toEqual([
      [true, 'ok'],
      [false, 'fault'],
    ]);
    expect([there.code, gone.code]).toEqual([0, 1]);
    expect(there.stdout).toContain('OPENAI_API_KEY is set');
    expect(JSON.stringify([there, gone])).not.toContain('secret');
    expect(asked).toEqual([['HEAD', undefined]]);
  });

  it('gives a history back in its form, whatever the form', async () => {
    const messages = [{ role: 'user', content: 'hello', extra: 1 }];
    const said = await runKatamari(['trim', '--budget', '1000', '-q'], { input: JSON.stringify(messages) });
    expect(JSON.parse(said.stdout)).toEqual(messages);
  });

  it('ends with one line on stderr and nothing on stdout where something is wrong', async () => {
    const said = await runKatamari(['trim', '-b', '5', 'examples/data/kaigi.json']);
    expect(said).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^budget-impossible: .*\n$/) as string,
    });
  });
});
