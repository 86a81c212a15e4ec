import { readFile } from 'node:fs/promises';

import type { ChainEvent } from 'katamari';
import type { Listening } from 'katamari/node';
import { connect } from 'katamari/sse';
import { replay, type Cassette } from 'katamari/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { describeInBrowser } from './support/browser.ts';
import { ask, phase, untilStatus } from './support/screen.ts';
import { startPlayground } from './support/start-playground.ts';

const fatesOf = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('[data-bar="preview"] .bar__piece')
    .evaluateAll((pieces) => pieces.map((piece) => piece.getAttribute('data-fate')));

const keptIn = async (page: Page): Promise<number> =>
  (await fatesOf(page)).filter((fate) => fate === 'kept').length;

describeInBrowser('the playground', (open) => {
  let server: Listening;
  beforeAll(async () => {
    server = await startPlayground();
  });
  afterAll(async () => {
    await server.close({ timeoutMs: 0 });
  });

  it('opens at once on the embedded default, with personas and the chain in sight, and asks no other host', async () => {
    const { page, problems, requests } = await open(server.url);
    const viewport = { width: 1440, height: 900 };
    for (const place of [
      page.getByRole('combobox', { name: 'Persona' }),
      page.getByRole('list', { name: 'Chain' }),
    ]) {
      const box = await place.boundingBox();
      expect(box).not.toBeNull();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(viewport.height);
    }
    expect(await page.locator('.chain__name').allTextContents()).toEqual([
      'Persona',
      'Trim',
      'Reflect',
      'Model',
    ]);
    expect(await page.getByRole('combobox', { name: 'Persona' }).locator('option').count()).toBeGreaterThan(
      10,
    );
    expect(await page.locator('.composer textarea').inputValue()).toContain('rollback');
    expect(await fatesOf(page)).toHaveLength(88);
    expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(new Set([server.url]));
    expect(problems).toEqual([]);
  });

  it('switches the persona, shows its prompt and its size, and says under the line what is wrong with an edit', async () => {
    const { page } = await open(server.url);
    await page.getByRole('combobox', { name: 'Persona' }).selectOption('incident-commander');
    await page.locator('.chain__link[data-step="persona"]', { hasText: 'incident-commander' }).waitFor();
    await page.getByText('Rendered prompt').click();
    const prompt = page.locator('.panel--settings pre.prompt');
    await prompt.filter({ hasText: 'Persona: incident-commander' }).waitFor();
    expect(await page.locator('.panel--settings summary .count').textContent()).toMatch(/^[1-9]\d+ tokens$/);

    await page.getByText('Edit the YAML').click();
    const editor = page.getByLabel('Persona as YAML');
    const yaml = await editor.inputValue();
    const line = yaml.split('\n').findIndex((text) => text.startsWith('forbid:')) + 1;
    await editor.fill(yaml.replace('forbid:', 'forbidd:'));
    const fault = page.locator('.editor__fault');
    await fault.waitFor();
    expect(await fault.textContent()).toContain(`Line ${line}, column 1`);
    expect(await fault.textContent()).toContain('forbidd');
    const [faultBox, editorBox] = await Promise.all([fault.boundingBox(), editor.boundingBox()]);
    // Lines of 20 px below a padding of 6: the message stands right under the line it is about.
    expect((faultBox?.y ?? 0) - (editorBox?.y ?? 0)).toBeCloseTo(6 + line * 20, 0);
    expect(await editor.getAttribute('aria-invalid')).toBe('true');

    await editor.fill(yaml.replace(/^name: .*$/m, 'name: rewritten-here'));
    await page.locator('.editor .hint', { hasText: 'Valid' }).waitFor();
    await prompt.filter({ hasText: 'Persona: rewritten-here' }).waitFor();
  });

  it('shows at once what the slider would keep', async () => {
    const { page } = await open(server.url);
    const slider = page.getByRole('slider');
    const before = await keptIn(page);
    await slider.press('End');
    await page.getByText('Everything fits').waitFor();
    expect(await keptIn(page)).toBe(88);
    await slider.focus();
    for (let step = 0; step < 8; step++) await slider.press('PageDown');
    await page.getByText(/Keeps \d+ of 88 messages/).waitFor();
    const less = await keptIn(page);
    expect(less).toBeLessThan(88);
    expect(less).not.toBe(before);
    // One stop of the Tab key, and the arrows tell every message's fate.
    const bar = page.locator('[data-bar="preview"] [role="listbox"]');
    await bar.focus();
    await bar.press('End');
    expect(await page.locator('[data-bar="preview"] .bar__fate').textContent()).toMatch(
      /^Message 88, You: kept \(current-turn\), \d+ tokens$/,
    );
    expect(await bar.getAttribute('aria-activedescendant')).toBe(
      await page.locator('[data-bar="preview"] [aria-selected="true"]').getAttribute('id'),
    );
  });

  it('streams draft, critique and final in order, with figures, spans, changes and exports', async () => {
    const { page, problems } = await open(server.url, { acceptDownloads: true });
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => {
        for (const element of document.querySelectorAll('.phase[data-status="streaming"]')) {
          const name = element.getAttribute('data-phase') ?? '';
          const length = element.textContent.length;
          if (seen.at(-1)?.split(' ')[0] !== name) seen.push(`${name} ${length}`);
          else seen[seen.length - 1] = `${name} ${length}`;
        }
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await ask(page);
    await untilStatus(page, 'done');
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen.map((entry) => entry.split(' ')[0])).toEqual(['draft', 'critique', 'final']);
    expect(seen.every((entry) => Number(entry.split(' ')[1]) > 50)).toBe(true);

    const answer = (await phase(page, 'final').locator('.prose').textContent()) ?? '';
    const metric = (name: string) => page.locator(`[data-metric="${name}"] dd`).textContent();
    expect(await metric('metricTokens')).toMatch(/^[\d,]+ → [\d,]+$/);
    expect(Number(await metric('metricCompress'))).toBeLessThan(1);
    expect(Number(await metric('metricFacts'))).toBeGreaterThan(0);
    expect(await metric('metricCalls')).toBe('3');
    expect(await metric('metricRetries')).toBe('0');
    const rows = await page.locator('.waterfall__name').allTextContents();
    expect(rows).toEqual(['Persona', 'Reflect', 'Trim', 'Draft', 'Trim', 'Critique', 'Trim', 'Final']);
    expect(await page.locator('[data-bar="run"] .bar__piece').count()).toBe(88);
    expect(await page.locator('.critique__list li').count()).toBeGreaterThan(3);

    await page.getByRole('radio', { name: 'Changes' }).check();
    expect(await page.locator('ins').count()).toBeGreaterThan(0);
    expect(await page.locator('del').count()).toBeGreaterThan(0);

    const exported = async (name: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const lines = (await exported('Events (JSON lines)')).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as ChainEvent);
    expect(events[0]?.type).toBe('run-start');
    expect(events.at(-1)?.type).toBe('done');
    const told = events.flatMap((event) => (event.type === 'token' && event.answer ? [event.text] : []));
    const bare = (text: string): string => text.replaceAll(/[\s`*-]/g, '');
    expect(bare(answer)).toBe(bare(told.join('')));
    const cassette = JSON.parse(await exported('Cassette (JSON)')) as Cassette;
    const [exchange] = cassette.exchanges;
    const replayed: ChainEvent[] = [];
    const { fetch } = replay(cassette);
    const source = connect(`${server.url}/v1/runs`, { body: exchange?.request.body, fetch });
    for await (const event of source) replayed.push(event);
    expect(replayed).toEqual(events);
    const messages = JSON.parse(await exported('Messages (JSON)')) as unknown[];
    expect(messages).toHaveLength(87);
    await page.getByRole('button', { name: 'Code sample' }).click();
    expect(await page.getByRole('dialog').textContent()).toContain('.use(trim({ targetTokens: 3072');
    expect(problems).toEqual([]);
  });

  it('compares two budgets and two personas on one question', async () => {
    const { page } = await open(server.url);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('radio', { name: 'Set-up B' }).check();
    await page.getByRole('combobox', { name: 'Persona' }).selectOption('support-agent');
    await page.getByRole('spinbutton', { name: 'Budget, in tokens' }).fill('900');
    await page.getByRole('spinbutton', { name: 'Budget, in tokens' }).press('Tab');
    await ask(page);
    await page.waitForFunction(() => document.querySelectorAll('.status[data-status="done"]').length === 2);
    const row = async (name: string): Promise<string[]> =>
      page.locator('.table--compare tr', { hasText: name }).locator('td').allTextContents();
    expect(await row('Persona')).toEqual(['concise-engineer', 'support-agent']);
    const [a, b] = await row('compress_ratio');
    expect(Number(a)).toBeGreaterThan(Number(b));
    expect(await page.locator('.answers--two .answers__one').count()).toBe(2);
  });

  it('speaks Japanese and goes dark, by the system and by its switches, and fits 375 px', async () => {
    const { page } = await open(server.url, {
      locale: 'ja-JP',
      colorScheme: 'dark',
      viewport: { width: 375, height: 740 },
    });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await page.getAttribute('html', 'lang')).toBe('ja');
    expect(await page.locator('.composer textarea').inputValue()).toContain('移転');
    const dark = await ground();
    expect(await overflow()).toBeLessThanOrEqual(0);
    for (const name of ['設定', '数値', '会話']) {
      await page.getByRole('navigation').getByRole('button', { name }).click();
      expect(await overflow()).toBeLessThanOrEqual(0);
    }
    await page.getByRole('radio', { name: 'ライト' }).check();
    expect(await ground()).not.toBe(dark);
    await page.getByRole('radio', { name: 'English' }).check();
    await page.getByRole('button', { name: 'Ask' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await page.reload();
    await page.getByRole('button', { name: 'Ask' }).waitFor();
    expect(await ground()).not.toBe(dark);
  });

  it('works with the keyboard alone', async () => {
    const { page } = await open(server.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('conversation');
    const reach = async (selector: string): Promise<void> => {
      for (let tabs = 0; tabs < 40; tabs++) {
        const isThere = await page.evaluate((at) => document.activeElement?.matches(at) ?? false, selector);
        if (isThere) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`The Tab key does not reach ${selector}.`);
    };
    await reach('.composer textarea');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Who decides?');
    await page.keyboard.press('Enter');
    await untilStatus(page, 'done');
    expect(await page.locator('.said--asked .said__text').textContent()).toBe('Who decides?');
    await reach('.panel--figures [role="listbox"]');
  });
});
