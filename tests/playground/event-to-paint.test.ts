import type { Provider } from 'katamari';
import { scriptedProvider } from 'katamari/testing';
import { expect, it } from 'vitest';

import { describeInBrowser } from './support/browser.ts';
import { ask, untilStatus, useOneCall } from './support/screen.ts';
import { startScripted } from './support/start-playground.ts';

const PIECES = 300;

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Infinity;

const now = (): number => performance.timeOrigin + performance.now();

describeInBrowser('the way of an event', (open) => {
  it('takes at most 300 ms at p95, from its arrival to the screen and from the server to the screen', async () => {
    const text = Array.from({ length: PIECES }, (_, index) => `word${index + 1} `);
    const provider = scriptedProvider([{ text, delayMs: 10 }]);
    const sentAt: number[] = [];
    const timed: Provider = {
      ...provider,
      async *generate(request, context) {
        for await (const batch of provider.generate(request, context)) {
          if (batch.some(({ type }) => type === 'token')) sentAt.push(now());
          yield batch;
        }
      },
    };
    await using server = await startScripted(timed);
    const { page } = await open(server.url);
    await useOneCall(page);
    await page.evaluate(() => {
      const measured: number[] = [];
      const shownAt: number[] = [];
      Object.assign(window, { measured, shownAt });
      // One measure a frame: from the arrival of its oldest event until after it was painted. It stands for all events of the frame.
      new PerformanceObserver((list) => {
        for (const { name, duration, detail } of list.getEntries() as PerformanceMeasure[]) {
          if (name !== 'katamari.event-to-paint') continue;
          const { events } = detail as { events: number };
          for (let event = 0; event < events; event++) measured.push(duration);
        }
      }).observe({ type: 'measure' });
      // What is in the document before a frame is painted, stamped after it.
      const look = (): void => {
        const text = document.querySelector('.phase[data-phase="answer"] .prose')?.textContent ?? '';
        const last = Number(/word(\d+) (?:\s*)$/.exec(`${text} `)?.[1] ?? 0);
        setTimeout(() => {
          const at = performance.timeOrigin + performance.now();
          while (shownAt.length < last) shownAt.push(at);
        }, 0);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await ask(page, 'Count.');
    await untilStatus(page, 'done');
    await page.waitForTimeout(100);
    const { measured, shownAt } = await page.evaluate(() => {
      const { measured, shownAt } = window as unknown as { measured: number[]; shownAt: number[] };
      return { measured, shownAt };
    });
    expect(sentAt).toHaveLength(PIECES);
    expect(measured.length).toBeGreaterThanOrEqual(PIECES);
    expect(shownAt.length).toBeGreaterThanOrEqual(PIECES - 1);
    const wholeWay = shownAt.map((at, index) => at - (sentAt[index] ?? Infinity));
    console.log(
      `event to paint, p95 of ${measured.length} events: ${p95(measured).toFixed(0)} ms; server to screen, p95 of ${wholeWay.length}: ${p95(wholeWay).toFixed(0)} ms`,
    );
    expect(p95(measured)).toBeLessThanOrEqual(300);
    expect(p95(wholeWay)).toBeLessThanOrEqual(300);
  });
});
