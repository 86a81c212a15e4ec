import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Listening } from 'katamari/node';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { describeInBrowser } from './support/browser.ts';
import { indexedPng } from './support/indexed-png.ts';
import { ask, untilStatus } from './support/screen.ts';
import { startPlayground } from './support/start-playground.ts';

/** The most that a picture of the README may weigh, in bytes. */
const MOST_BYTES = 200_000;

/** `npm run screenshots` writes those of the README; without it they are made, weighed and thrown away. */
const kept = process.env['KATAMARI_SCREENSHOTS'];

describeInBrowser('screenshots', (open) => {
  let server: Listening;
  let folder: string;
  beforeAll(async () => {
    // At a pace at which the figures are those of a reader and not of a test.
    server = await startPlayground({ localTokensPerSecond: 400 });
    folder = kept ?? (await mkdtemp(join(tmpdir(), 'katamari-shots-')));
    await mkdir(folder, { recursive: true });
  });
  afterAll(async () => {
    await server.close({ timeoutMs: 0 });
    if (kept === undefined) await rm(folder, { recursive: true });
  });

  /** How many bytes the picture has. */
  async function shoot(page: Page, name: string): Promise<number> {
    const path = join(folder, name);
    await page.mouse.move(0, 0);
    await page.evaluate(async () => {
      await document.fonts.ready;
    });
    const picture = await indexedPng(page, await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    await writeFile(path, picture);
    return picture.length;
  }

  it('are made of the first screen', async () => {
    const { page } = await open(server.url, { viewport: { width: 1440, height: 900 } });
    expect(await shoot(page, 'playground-first-screen.png')).toBeLessThan(MOST_BYTES);
  });

  it('are made of a finished run, in Japanese and dark', async () => {
    const viewport = { width: 1440, height: 900 };
    const { page } = await open(server.url, { viewport, locale: 'ja-JP', colorScheme: 'dark' });
    await ask(page);
    await untilStatus(page, 'done');
    expect(await shoot(page, 'playground-finished-run.png')).toBeLessThan(MOST_BYTES);
  });
});
