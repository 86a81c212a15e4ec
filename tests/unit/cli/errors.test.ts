import { afterEach, describe, expect, it, vi } from 'vitest';

import { makeProgram } from '../../../src/cli/program.ts';
import { reportError } from '../../../src/cli/report-error.ts';

/** A command in this very process: what it wrote, and what the process would end with. */
async function call(words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
  let code = 0;
  try {
    await makeProgram().parseAsync(words, { from: 'user' });
  } catch (error) {
    code = reportError(error);
  }
  const said = { ...written, code: code === 0 ? Number(process.exitCode ?? 0) : code };
  process.exitCode = undefined;
  return said;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('what goes wrong on the command line', () => {
  it.each([
    [['frob'], 2, /^usage: unknown command 'frob'/],
    [['trim'], 2, /^usage: required option '-b, --budget <tokens>'/],
    [['trim', '-b', 'many'], 2, /^usage: option .* A whole number of tokens, 1 or more, is expected\./],
    [['run', '--rounds', '-1', 'hi'], 2, /^usage: .*rounds/],
    [
      ['run', 'hi', '--persona', 'nobody'],
      1,
      /^invalid-input: There is no persona «nobody»\..*concise-engineer/,
    ],
    [
      ['run', 'hi', '--persona', 'tests/fixtures/personas/broken.yaml'],
      1,
      /^invalid-persona: .*broken\.yaml:3:/,
    ],
    [
      ['run', 'hi', '--provider', 'nobody'],
      1,
      /^invalid-input: There is no provider «nobody»\. Known: local/,
    ],
    [['run', 'hi', '--provider', 'openai'], 1, /^authentication: .*OPENAI_API_KEY/],
    [['run', 'hi', '--provider', 'groq'], 1, /^invalid-input: Say which model of groq: --model NAME/],
    [
      ['run', 'hi', '--history', 'no-such-file.json'],
      1,
      /^invalid-input: The history no-such-file\.json can't be read/,
    ],
    [['persona', 'diff', 'gijiroku', 'nobody'], 1, /^invalid-input: There is no persona «nobody»/],
    [
      ['persona', 'lint', 'tests/fixtures/personas/broken.yaml'],
      1,
      /^invalid-persona: .*broken\.yaml:3:[^]*\^/,
    ],
    [['persona', 'render', 'gijiroku', '--var', 'x'], 2, /^usage: .*NAME=VALUE/],
    [['completion', 'tcsh'], 2, /^usage: .*bash, zsh, fish/],
    [['serve', '--port', 'high'], 2, /^usage: /],
    [['models', 'no-such-model'], 1, /^not-found: /],
    [['metrics', 'no-such.log'], 1, /^invalid-input: The log no-such\.log can't be read/],
    [['metrics', 'http://127.0.0.1:1/metrics'], 1, /^connection: .*can't be reached/],
  ])('katamari %j ends with %i, a line that says why, and nothing on stdout', async (words, code, stderr) => {
    for (const name of ['KATAMARI_PROVIDER', 'KATAMARI_MODEL', 'OPENAI_API_KEY']) vi.stubEnv(name, '');
    vi.stubEnv('NO_COLOR', '1');
    const said = await call(words);
    expect(said.stderr).toMatch(stderr);
    expect(said.stderr).not.toMatch(/^ +at /m);
    expect(said.stdout).toBe('');
    expect(said.code).toBe(code);
  });
});
