import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { changeSetup, setup } from '../state/setup.ts';
import { Segmented } from './segmented.tsx';

const MOST_ROUNDS = 3;

/** One call, or a reflection and how long it may take. */
export function ModeSection(): JSX.Element {
  const id = useId();
  const { reflect, rounds } = setup.value;
  return (
    <div class="section" role="group" aria-labelledby="mode-title">
      <h3 id="mode-title" class="for-ears">
        {t('chain')}
      </h3>
      <Segmented
        legend={t('mode')}
        value={reflect ? 'reflect' : 'single'}
        options={[
          { value: 'single', text: t('modeSingle') },
          { value: 'reflect', text: t('modeReflect') },
        ]}
        onChange={(mode) => {
          changeSetup({ reflect: mode === 'reflect' });
        }}
      />
      {reflect && (
        <div class="field field--row">
          <label for={id}>{t('rounds')}</label>
          <input
            id={id}
            type="number"
            min={1}
            max={MOST_ROUNDS}
            value={rounds}
            onChange={(event) => {
              const value = Math.round(event.currentTarget.valueAsNumber);
              changeSetup({ rounds: Math.min(MOST_ROUNDS, Math.max(1, value || 1)) });
            }}
          />
        </div>
      )}
    </div>
  );
}
