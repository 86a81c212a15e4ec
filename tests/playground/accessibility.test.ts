import axe from 'axe-core';
import type { Listening } from 'katamari/node';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { describeInBrowser } from './support/browser.ts';
import { ask, untilStatus } from './support/screen.ts';
import { startPlayground } from './support/start-playground.ts';

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`),
  );
}

describeInBrowser('axe-core', (open) => {
  let server: Listening;
  beforeAll(async () => {
    server = await startPlayground({ localTokensPerSecond: 5000 });
  });
  afterAll(async () => {
    await server.close({ timeoutMs: 0 });
  });

  it.for([
    { colorScheme: 'light', locale: 'en-US' },
    { colorScheme: 'dark', locale: 'ja-JP' },
  ] as const)(
    'finds nothing on the first screen, in a wrong persona, and after a run, in $colorScheme and $locale',
    async (options) => {
      const { page } = await open(server.url, options);
      await page.locator('.panel--settings summary').first().click();
      await page.locator('.editor textarea').fill('name: x\nstile: y');
      await page.locator('.editor__fault').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.locator('.editor .link').last().click();
      await ask(page);
      await untilStatus(page, 'done');
      expect(await violations(page)).toEqual([]);
    },
  );

  it('finds nothing in a comparison, in dark and English', async () => {
    const { page } = await open(server.url, { colorScheme: 'dark', locale: 'en-US' });
    await page.locator('.header .button').click();
    await ask(page);
    await page.waitForFunction(() => document.querySelectorAll('.status[data-status="done"]').length === 2);
    expect(await violations(page)).toEqual([]);
  });

  it('finds nothing at 375 px, in light and Japanese, in the three panels, with phases folded and compared', async () => {
    const viewport = { width: 375, height: 740 };
    const { page } = await open(server.url, { colorScheme: 'light', locale: 'ja-JP', viewport });
    await ask(page);
    await untilStatus(page, 'done');
    for (const value of ['folded', 'diff']) {
      await page.locator(`.turn__bar input[value="${value}"]`).check();
      expect(await violations(page)).toEqual([]);
    }
    for (const name of ['設定', '数値']) {
      await page.locator('.switch').getByRole('button', { name }).click();
      expect(await violations(page)).toEqual([]);
    }
  });
});
