import type { JSX } from 'preact';

import { chooseLocale, locale, t } from '../i18n/locale.ts';
import { connection } from '../state/connection.ts';
import { compare, comparing } from '../state/setup.ts';
import { chooseTheme, theme } from '../state/theme.ts';
import { Segmented } from './segmented.tsx';

/** Name, connection, and how the app looks and speaks. */
export function Header(): JSX.Element {
  return (
    <header class="header">
      <h1 class="header__name">
        <Mark />
        katamari
      </h1>
      <p class="header__state" role="status" data-connection={connection.value}>
        <span class="status__dot" aria-hidden="true" />
        <span class="header__state-text">{t(connection.value)}</span>
      </p>
      <div class="header__controls">
        <button
          type="button"
          class="button"
          aria-pressed={comparing.value}
          title={t('compareOn')}
          onClick={() => {
            compare(!comparing.value);
          }}
        >
          {t('compare')}
        </button>
        <Segmented
          legend={t('language')}
          quiet
          value={locale.value}
          options={[
            { value: 'en', text: 'EN', label: 'English' },
            { value: 'ja', text: '日本語' },
          ]}
          onChange={chooseLocale}
        />
        <Segmented
          legend={t('theme')}
          quiet
          value={theme.value}
          options={[
            { value: 'auto', text: <Half />, label: t('themeAuto') },
            { value: 'light', text: <Sun />, label: t('themeLight') },
            { value: 'dark', text: <Moon />, label: t('themeDark') },
          ]}
          onChange={chooseTheme}
        />
      </div>
    </header>
  );
}

function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <circle cx="16" cy="16" r="14" />
      <path d="M8 12c5-3 11-3 16 0M7 17c6-2.500 12-2.500 18 0M9 22c4.500-2 9.500-2 14 0" />
    </svg>
  );
}

function Half(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16">
      <circle cx="8" cy="8" r="5.5" />
      <path class="icon__solid" d="M8 2.5a5.500 5.500 0 0 1 0 11z" />
    </svg>
  );
}

function Sun(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16">
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900 13 13M13 3l-1.100 1.100M4.100 11.900 3 13" />
    </svg>
  );
}

function Moon(): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16">
      <path d="M13 9.700A5.500 5.500 0 0 1 6.300 3 5.500 5.500 0 1 0 13 9.700z" />
    </svg>
  );
}
