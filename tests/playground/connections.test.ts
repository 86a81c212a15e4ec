import { scriptedProvider, providerError } from 'katamari/testing';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { hasRedis, startRedis } from '../servers/redis-server.ts';
import { describeInBrowser } from './support/browser.ts';
import { childServer } from './support/child-server.ts';
import { ask, phase, untilStatus, useOneCall } from './support/screen.ts';
import { startScripted } from './support/start-playground.ts';
import { tcpProxy } from './support/tcp-proxy.ts';

const counted = (length: number): string[] => Array.from({ length }, (_, index) => `${index + 1} `);

const answerOf = async (page: Page): Promise<string> =>
  ((await phase(page, 'answer').locator('.prose').textContent()) ?? '').trim();

/** Waits until the answer has got that far. */
const untilText = (page: Page, text: string): Promise<void> =>
  phase(page, 'answer').locator('.prose', { hasText: text }).waitFor();

describeInBrowser('a run that does not go as planned', (open) => {
  it('is stopped by Escape: the text stays, the figures come, the provider is left alone; Retry and Edit go on', async () => {
    const provider = scriptedProvider([{ text: ['Half an answer'], hang: true }, 'A whole answer.']);
    await using server = await startScripted(provider);
    const { page } = await open(server.url);
    await useOneCall(page);
    await ask(page, 'First?');
    await untilText(page, 'Half an answer');
    await page.keyboard.press('Escape');
    await untilStatus(page, 'stopped');
    expect(await answerOf(page)).toBe('Half an answer');
    expect(await page.locator('[data-metric="metricLatency"] dd').textContent()).toMatch(/m?s$/);
    expect(provider.open).toBe(0);

    await page.getByRole('button', { name: 'Retry' }).click();
    await untilStatus(page, 'done');
    expect(await answerOf(page)).toBe('A whole answer.');
    expect(await page.locator('.turn').count()).toBe(1);

    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await page.locator('.composer textarea').inputValue()).toBe('First?');
    expect(await page.locator('.turn').count()).toBe(0);
  });

  it('shows a retry, the text that it makes void, and a failure for good', async () => {
    const provider = scriptedProvider(
      [
        { text: 'Half an ans', error: providerError('overloaded') },
        'Whole.',
        { error: providerError('authentication', { retryable: false }) },
      ],
      { retry: { baseDelayMs: 10 } },
    );
    await using server = await startScripted(provider);
    const { page } = await open(server.url);
    await useOneCall(page);
    await ask(page, 'First?');
    await untilStatus(page, 'done');
    expect(await page.locator('.phase[data-status="void"] .prose').textContent()).toBe('Half an ans');
    expect(await page.locator('.phase[data-status="done"] .prose').textContent()).toBe('Whole.\n');
    expect(await page.locator('[data-metric="metricRetries"] dd').textContent()).toBe('1');
    await ask(page, 'Second?');
    await untilStatus(page, 'failed');
    expect(await page.locator('.turn:last-child .status').textContent()).toContain('authentication');
  });

  it('goes on after a cut connection, with nothing lost and nothing twice', async () => {
    const text = counted(60);
    await using server = await startScripted(scriptedProvider([{ text, delayMs: 40 }]));
    await using proxy = await tcpProxy(server.port);
    const { page } = await open(proxy.url);
    await useOneCall(page);
    await ask(page, 'Count.');
    await untilText(page, '10 11');
    proxy.cut();
    await untilStatus(page, 'reconnecting');
    await untilStatus(page, 'done');
    expect(await answerOf(page)).toBe(text.join('').trim());
  });

  it('says that a run is lost with its server, keeps the text, finds the next server and asks again', async () => {
    const first = await childServer(0, 40);
    const { page } = await open(first.url);
    await ask(page);
    const draft = phase(page, 'draft').locator('.prose');
    await draft.filter({ hasText: 'From the conversation' }).waitFor();
    await first.kill();
    await untilStatus(page, 'reconnecting');
    await using second = await childServer(Number(new URL(first.url).port), 2000);
    expect(second.url).toBe(first.url);
    await untilStatus(page, 'lost');
    expect(await draft.textContent()).toContain('From the conversation');
    await page.locator('.header__state[data-connection="online"]').waitFor();
    await page.getByRole('button', { name: 'Retry' }).click();
    await untilStatus(page, 'done');
    expect(await phase(page, 'final').locator('.prose').textContent()).toContain('From the conversation');
  });

  it.skipIf(!hasRedis)('with Redis, is read to the last event that a killed server has stored', async () => {
    const redis = await startRedis();
    try {
      const first = await childServer(0, 40, redis.url);
      const { page } = await open(first.url);
      await ask(page);
      const draft = phase(page, 'draft').locator('.prose');
      await draft.filter({ hasText: 'From the conversation' }).waitFor();
      await first.kill();
      const shown = (await draft.textContent()) ?? '';
      await using second = await childServer(Number(new URL(first.url).port), 2000, redis.url);
      await untilStatus(page, 'failed');
      expect(await page.locator('.turn:last-child .status').textContent()).toContain('truncated');
      expect((await draft.textContent())?.startsWith(shown)).toBe(true);
      await page.getByRole('button', { name: 'Retry' }).click();
      await untilStatus(page, 'done');
      expect(second.url).toBe(first.url);
    } finally {
      await redis.close();
    }
  });
});
