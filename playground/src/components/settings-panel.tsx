import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { comparing, side } from '../state/setup.ts';
import { ModeSection } from './mode-section.tsx';
import { ModelSection } from './model-section.tsx';
import { PersonaSection } from './persona-section.tsx';
import { SampleSection } from './sample-section.tsx';
import { Segmented } from './segmented.tsx';
import { TrimSection } from './trim-section.tsx';

/** All that a run is made of. */
export function SettingsPanel(): JSX.Element {
  return (
    <section class="panel panel--settings" aria-labelledby="settings-title" tabIndex={0}>
      <h2 id="settings-title" class="panel__title">
        {t('settings')}
      </h2>
      {comparing.value && (
        <Segmented
          legend={t('compareOn')}
          quiet
          value={side.value}
          options={[
            { value: 'a', text: t('side', { side: 'A' }) },
            { value: 'b', text: t('side', { side: 'B' }) },
          ]}
          onChange={(value) => {
            side.value = value;
          }}
        />
      )}
      <PersonaSection />
      <TrimSection />
      <ModeSection />
      <ModelSection />
      <SampleSection />
    </section>
  );
}
