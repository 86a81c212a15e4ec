import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { panel, type PanelName } from '../state/layout.ts';

const panels: readonly PanelName[] = ['settings', 'conversation', 'figures'];

/** On a narrow screen, which of the three panels is in sight. */
export function PanelSwitch(): JSX.Element {
  return (
    <nav class="switch" aria-label={t('conversation')}>
      {panels.map((name) => (
        <button
          key={name}
          type="button"
          aria-current={panel.value === name ? 'page' : undefined}
          onClick={() => {
            panel.value = name;
          }}
        >
          {t(name)}
        </button>
      ))}
    </nav>
  );
}
