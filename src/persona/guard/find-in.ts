import type { Guard } from './guard.ts';
import type { Finding } from './held-text.ts';
import { TextGuard } from './text-guard.ts';

/** What a whole text holds that is forbidden, and the text without it. */
export function findIn(
  guard: Guard,
  text: string,
): { readonly findings: readonly Finding[]; readonly masked: string } {
  const reader = new TextGuard(guard, { mode: 'mask' });
  const masked = reader.push(text) + reader.end();
  return { findings: reader.takeFindings(), masked };
}
