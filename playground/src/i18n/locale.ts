import { computed, effect, signal } from '@preact/signals';

import { readSetting, writeSetting } from '../state/stored-setting.ts';
import { en, type MessageKey } from './en.ts';
import { ja } from './ja.ts';

export type Locale = 'en' | 'ja';

const messages = { en, ja };

/** The language of the app: the one that was chosen, else the browser's. */
export const locale = signal<Locale>(firstLocale());

const numbers = computed(() => new Intl.NumberFormat(locale.value));

/** Keeps the page's `lang` in step, so that a screen reader changes its voice. */
export function followLocale(): void {
  effect(() => {
    document.documentElement.lang = locale.value;
  });
}

export function chooseLocale(next: Locale): void {
  locale.value = next;
  writeSetting('locale', next);
}

/** What the app says, in its language, with `{name}` filled in. */
export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text = messages[locale.value][key];
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}

/** A number as the language writes it. */
export function number(value: number): string {
  return numbers.value.format(value);
}

/** A duration: milliseconds below a second, seconds from there. */
export function duration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

function firstLocale(): Locale {
  const stored = readSetting('locale');
  if (stored === 'en' || stored === 'ja') return stored;
  return navigator.language.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}
