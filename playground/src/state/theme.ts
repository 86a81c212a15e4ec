import { effect, signal } from '@preact/signals';

import { readSetting, writeSetting } from './stored-setting.ts';

export type Theme = 'auto' | 'light' | 'dark';

/** `auto` follows the system. */
export const theme = signal<Theme>(firstTheme());

export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
}

export function chooseTheme(next: Theme): void {
  theme.value = next;
  writeSetting('theme', next);
}

function firstTheme(): Theme {
  const stored = readSetting('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'auto';
}
