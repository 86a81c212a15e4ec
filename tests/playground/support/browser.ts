import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';

import { chromiumPath } from './chromium-path.ts';

/** A page, and what went wrong on it. */
interface Opened {
  readonly page: Page;
  /** Errors of scripts, of the Content-Security-Policy, and of the console, in order. */
  readonly problems: readonly string[];
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
}

/** Opens pages of one browser. */
export type Open = (url: string, options?: BrowserContextOptions) => Promise<Opened>;

/** Tests with a browser of their own; skipped where there is none. */
export function describeInBrowser(what: string, tests: (open: Open) => void): void {
  describe.skipIf(chromiumPath === undefined)(`in the browser: ${what}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: chromiumPath ?? '',
        // Grey edges of letters: coloured ones make pictures half as large again.
        args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-lcd-text'],
      });
    });
    afterAll(async () => {
      await browser.close();
    });
    tests((url, options) => open(browser, url, options));
  });
}

async function open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  // The bar of the history is there once the conversation, the persona and the first trim are.
  await page.locator('.bar__piece').first().waitFor({ state: 'attached' });
  return { page, problems, requests };
}
