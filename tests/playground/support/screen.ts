import type { Locator, Page } from 'playwright-core';

/** Asks what stands in the question field, or a question of one's own. */
export async function ask(page: Page, question?: string): Promise<void> {
  const field = page.locator('.composer textarea');
  if (question !== undefined) await field.fill(question);
  await field.press('Enter');
}

/** Waits until the last run has come to an end. */
export async function untilStatus(page: Page, status: string): Promise<void> {
  await page
    .locator(`.turn:last-child .status[data-status="${status}"]`)
    .first()
    .waitFor({ timeout: 80_000 });
}

/** Answers in one call instead of a reflection. */
export async function useOneCall(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'One call' }).check();
}

/** What the last run wrote in a phase. */
export function phase(page: Page, name: string): Locator {
  return page.locator(`.turn:last-child .phase[data-phase="${name}"]`);
}
