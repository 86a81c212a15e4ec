import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startChatServer, type ChatServer } from '../servers/chat-server.ts';
import { codeBlocks, documents } from '../support/code-blocks.ts';

const run = promisify(execFile);
// Inside the package, so that its own name resolves.
const folder = join('tests', `.documents-${process.pid}`);
const blocks = documents
  .flatMap(codeBlocks)
  .map((block, index) => ({ ...block, file: join(folder, `${index}.ts`) }));

/** The blocks that run, by document: they share a process, since it takes longer to start one than to run most of them. */
const runnable = documents
  .map((document) => ({
    document,
    files: blocks
      .filter(({ place, runs }) => runs && place.startsWith(`${document}:`))
      .map(({ file }) => resolve(file)),
  }))
  .filter(({ files }) => files.length > 0);

const FAILED = 'this block failed: ';
const FINISHED = 'all blocks ran';
const RUN_ALL = `
  for (const file of process.argv.slice(1)) {
    try { await import(file); }
    catch (error) { console.error(${JSON.stringify(FAILED)} + file + ' ' + String(error).replaceAll('\\n', ' ')); }
  }
  console.error(${JSON.stringify(FINISHED)});
  process.exit();`;

let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer('An answer from a server on this machine.');
  mkdirSync(folder, { recursive: true });
  for (const { file, code } of blocks) writeFileSync(file, `${code}\nexport {};\n`);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

describe('the documents', () => {
  it('hold code', () => {
    expect(blocks.length).toBeGreaterThan(10);
  });

  it('hold code that the compiler accepts', async () => {
    const config = {
      extends: '../../tsconfig.json',
      include: ['*.ts'],
      compilerOptions: { rootDir: '../..', noUnusedLocals: false },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const output = await run('node_modules/.bin/tsc', ['-p', folder]).then(
      () => '',
      (error: unknown) => (error as { stdout: string }).stdout,
    );
    expect(places(output)).toBe('');
  }, 60_000);

  it.concurrent.each(runnable)(
    'hold code that runs: $document',
    async ({ files }) => {
      const env = {
        ...process.env,
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: server.url,
        NO_COLOR: '1',
        // The blocks load the same modules: compiled once, they start in half the time.
        NODE_COMPILE_CACHE: join(tmpdir(), 'katamari-compile-cache'),
      };
      const flags = ['--conditions=@katamari/source', '--input-type=module', '-e', RUN_ALL, ...files];
      const { stderr } = await run(process.execPath, flags, { env, timeout: 60_000 }).catch(
        (error: unknown) => error as { stderr: string },
      );
      const failures = stderr.split('\n').filter((line) => line.startsWith(FAILED));
      expect(failures.map((line) => places(line.slice(FAILED.length)))).toEqual([]);
      expect(stderr).toContain(FINISHED);
    },
    70_000,
  );

  it('have links that lead somewhere', () => {
    const dead = documents.flatMap((document) => {
      const text = readFileSync(document, 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
        (match) => match[1] ?? '',
      );
      return targets
        .filter((target) => !existsSync(join(dirname(document), target)))
        .map((target) => `${document}: ${target}`);
    });
    expect(dead).toEqual([]);
  });
});

/** Compiler messages with the document's place for the file's. */
function places(output: string): string {
  return blocks.reduce((text, { file, place }) => text.replaceAll(file, `${place} (block)`), output).trim();
}
