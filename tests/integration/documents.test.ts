import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  });

  it.concurrent.each(blocks.filter(({ runs }) => runs))('hold code that runs: $place', async ({ file }) => {
    const env = { ...process.env, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.url, NO_COLOR: '1' };
    const { stdout } = await run(process.execPath, ['--conditions=@katamari/source', file], {
      env,
      timeout: 15_000,
    });
    expect(stdout).toBeDefined();
  });

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
