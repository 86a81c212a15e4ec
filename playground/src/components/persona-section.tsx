import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { personas } from '../state/catalog.ts';
import { personaPreview } from '../state/persona-preview.ts';
import { changeSetup, setup } from '../state/setup.ts';
import { PersonaEditor } from './persona-editor.tsx';
import { SelectField } from './select-field.tsx';

/** Who speaks: picked, edited, and seen as the model will see it. */
export function PersonaSection(): JSX.Element {
  const { persona, yaml } = setup.value;
  const { prompt, tokens } = personaPreview.value;
  const nameOf = (id: string, name: string): string =>
    id === persona && yaml !== null ? t('personaEdited', { name }) : name;
  const options = [
    { value: '', text: t('personaNone') },
    ...personas.value.map(({ id, name }) => ({ value: id, text: nameOf(id, name) })),
  ];
  return (
    <div class="section" role="group" aria-labelledby="persona-title">
      <h3 id="persona-title" class="for-ears">
        {t('persona')}
      </h3>
      <SelectField
        label={t('persona')}
        value={persona ?? ''}
        options={options}
        onChange={(id) => {
          changeSetup({ persona: id === '' ? null : id, yaml: null });
        }}
      />
      {persona !== null && (
        <>
          <details class="fold">
            <summary>{t('editYaml')}</summary>
            <PersonaEditor />
          </details>
          <details class="fold">
            <summary>
              {t('systemPrompt')} <span class="count">{t('tokensCount', { tokens })}</span>
            </summary>
            <pre class="prompt" tabIndex={0} aria-label={t('systemPrompt')}>
              {prompt}
            </pre>
          </details>
        </>
      )}
    </div>
  );
}
