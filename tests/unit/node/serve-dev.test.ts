import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serveDev } from 'katamari/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katamari-'));
  await mkdir(join(folder, 'dist/assets'), { recursive: true });
  await writeFile(join(folder, 'dist/index.html'), '<!doctype html><title>playground</title>');
  await writeFile(join(folder, 'dist/assets/app-1.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'not for you');
});

afterAll(() => rm(folder, { recursive: true }));

const dev = () => serveDev({ port: 0, assets: join(folder, 'dist') });

describe('serveDev', () => {
  it('serves the page with a strict policy, its assets for ever, and the API beside them', async () => {
    await using server = await dev();
    const page = await fetch(server.url);
    expect(await page.text()).toContain('playground');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const asset = await fetch(`${server.url}/assets/app-1.js`, { method: 'HEAD' });
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    const health = await fetch(`${server.url}/healthz`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
  });

  it('shows nothing outside its folder, however the path is written', async () => {
    await using server = await dev();
    for (const path of [
      '../secret.txt',
      '%2e%2e/secret.txt',
      'assets/..%2f..%2fsecret.txt',
      '//secret.txt',
      'assets',
    ]) {
      const response = await fetch(`${server.url}/${path}`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('not for you');
    }
  });

  it('follows the persona files until it is closed', async () => {
    const personas = join(folder, 'personas');
    await mkdir(personas);
    await writeFile(join(personas, 'guide.yaml'), 'name: guide\nstyle: 短く。');
    const changed = Promise.withResolvers<undefined>();
    await using server = await serveDev({
      port: 0,
      assets: join(folder, 'dist'),
      personas,
      watchPersonas: { quietMs: 5, onChange: () => changed.resolve(undefined) },
    });
    await writeFile(join(personas, 'guide.yaml'), 'name: guide\nstyle: 丁寧に。');
    await changed.promise;
    const guide = await fetch(`${server.url}/v1/personas/guide`);
    expect(await guide.json()).toMatchObject({ persona: { style: '丁寧に。' } });
  });

  it('gives the text of a persona, for its editor, and runs without a key', async () => {
    await using server = await dev();
    const persona = await fetch(`${server.url}/v1/personas/concise-engineer`);
    expect(await persona.json()).toMatchObject({
      yaml: expect.stringContaining('name: concise-engineer') as string,
    });
    const run = await fetch(`${server.url}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello?' }] }),
    });
    expect(run.status).toBe(200);
  });

  it('says how to build a playground that is not there', async () => {
    const error = await serveDev({ assets: join(folder, 'nothing') }).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('npm run build') as string,
    });
  });
});
